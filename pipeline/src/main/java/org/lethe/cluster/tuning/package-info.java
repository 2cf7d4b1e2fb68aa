/**
 * Trains the candidates of a tuning on Spark, each in one task. Only numbers are written.
 *
 * <p>Start with {@link org.lethe.cluster.tuning.CandidateStage}; {@link
 * org.lethe.evaluation.tuning} says how candidates are compared.
 */
package org.lethe.cluster.tuning;
