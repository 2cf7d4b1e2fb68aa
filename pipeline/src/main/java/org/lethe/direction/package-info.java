/**
 * From two gradients to a step: directions (BLUR and its siblings), clipping, step sizes and
 * optimizers on flat vectors.
 *
 * <p>A direction is linear in the gradients with weights that depend on their inner products, so it
 * is never written down: the optimizer forms it block by block in the one pass in which it steps.
 */
package org.lethe.direction;
