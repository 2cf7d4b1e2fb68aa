/**
 * Takes readings of a model on Spark while it unlearns: the same rows after every round, divided
 * among the workers. Only numbers travel.
 *
 * <p>{@code cluster.training} uses this package. Start with {@link
 * org.lethe.cluster.monitor.Monitor}; {@link org.lethe.evaluation.monitor} says what is read and
 * decided.
 */
package org.lethe.cluster.monitor;
