/**
 * From two gradients to a step: directions (BLUR and its siblings), clipping, step sizes and
 * optimizers on flat vectors.
 *
 * <p>Most directions are linear in the gradients with weights that depend on their inner products,
 * so they are never written down: the optimizer forms them block by block in the one pass in which
 * it steps. Gradients are those of losses that are minimised, the forget loss too.
 */
package org.lethe.direction;
