/**
 * Losses that unlearning minimises: forget losses and retain losses, as settings and as objectives
 * that add the gradient of a batch's summed loss to a flat vector.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code model} and {@code compute}.
 * Start with {@link org.lethe.objective.ForgetLoss}. Sums and counts stay separate until the last
 * moment, so that micro-batches and workers add up to exactly one large batch. Formulas: Zhang et
 * al., "Negative Preference Optimization" (2024, arXiv 2404.05868), and the conventions of
 * open-unlearning for gradient ascent, retain loss and divergence.
 */
package org.lethe.objective;
