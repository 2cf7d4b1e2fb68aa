/**
 * Task arithmetic: forgets by subtracting a trained LoRA module from a model's weights.
 *
 * <p>{@link org.lethe.model.arithmetic.SubtractedModel} reads a model and its modules and returns
 * the changed weights tensor by tensor. {@link org.lethe.model.arithmetic.ModuleArithmetic} is the
 * formula. Only stages use this package; it builds on {@code org.lethe.model.directory}. Start with
 * {@code SubtractedModel}.
 */
package org.lethe.model.arithmetic;
