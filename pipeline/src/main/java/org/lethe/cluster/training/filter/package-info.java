/**
 * Filters the forget gradient of a round, one matrix a task.
 *
 * <p>{@code cluster.training} uses this package. Start with {@link
 * org.lethe.cluster.training.filter.SharedFilter}.
 */
package org.lethe.cluster.training.filter;
