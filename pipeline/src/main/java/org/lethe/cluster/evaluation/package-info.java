/**
 * Evaluation of a model on Spark: one task per worker, rows through files, one summary.
 *
 * <p>Any number of workers gives the same bytes. {@code jobs} uses this package. Start with {@link
 * org.lethe.cluster.evaluation.EvaluationStage}.
 */
package org.lethe.cluster.evaluation;
