/**
 * From two gradients to a step: directions (BLUR and its siblings), clipping, step sizes and
 * optimizers on flat vectors.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code compute} and {@code model}.
 * Start with {@link org.lethe.direction.Direction} and {@link org.lethe.direction.Blur}. Most
 * directions are linear in the gradients with weights that depend on their inner products, so they
 * are never materialised: the optimizer computes them block by block in the same pass as its step.
 * All losses are minimised, including the forget loss.
 */
package org.lethe.direction;
