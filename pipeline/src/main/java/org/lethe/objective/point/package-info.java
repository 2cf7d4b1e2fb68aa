/**
 * Where the gradient of the forget loss is taken: at the parameters, uphill of them, at rounded
 * parameters, or where low-rank factors have learned the rows; and the filter of the whole
 * gradient.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code objective} and {@code
 * model}. Start with {@link org.lethe.objective.point.GradientPoint}.
 */
package org.lethe.objective.point;
