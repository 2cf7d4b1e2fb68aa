/**
 * Evaluation: from a model's losses and greedy texts to rows, from rows to figures.
 *
 * <p>Packages from {@code reveal} upwards use this one; it uses {@code model}. Start with {@link
 * org.lethe.evaluation.Evaluator}, which turns examples into {@link
 * org.lethe.evaluation.EvaluationRow}s. {@link org.lethe.evaluation.EvaluationSummary} turns rows
 * into means with confidence intervals, so every figure can be recomputed later from the rows
 * alone. Each other class has one published metric and names its source. If a public implementation
 * has a quirk on which published figures depend, we keep the quirk and document it.
 *
 * <p>Rows contain prompts, expected and generated text, which are personal data. Messages, log
 * lines, {@code toString} and summaries of this package contain none of it.
 */
package org.lethe.evaluation;
