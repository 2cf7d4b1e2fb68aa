/**
 * Where the gradient of the forget loss is taken: at the parameters, uphill of them, or at rounded
 * parameters.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code objective} and {@code
 * model}. Start with {@link org.lethe.objective.point.GradientPoint}.
 */
package org.lethe.objective.point;
