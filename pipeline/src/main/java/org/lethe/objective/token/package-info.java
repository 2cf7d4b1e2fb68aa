/**
 * Weights of single tokens in a forget loss.
 *
 * <p>{@code objective} and {@code jobs} use this package; it uses {@code model}. Start with {@link
 * org.lethe.objective.token.TokenWeights}.
 */
package org.lethe.objective.token;
