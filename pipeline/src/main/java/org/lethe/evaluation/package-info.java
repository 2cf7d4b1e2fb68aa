/**
 * Evaluation: from a model's losses and greedy texts to rows, from rows to figures.
 *
 * <p>{@link org.lethe.evaluation.Evaluator} turns examples into {@link
 * org.lethe.evaluation.EvaluationRow}s; {@link org.lethe.evaluation.EvaluationSummary} turns rows
 * into means with confidence intervals, so that every figure can be recomputed later from the rows
 * alone. The other classes each hold one published metric and name its source; where a public
 * implementation has a quirk that the field's figures depend on, the quirk is kept and said.
 *
 * <p>Rows hold prompts, expected and generated text, which are personal data. No message, log line
 * or {@code toString} here shows any of it, and summaries hold none.
 */
package org.lethe.evaluation;
