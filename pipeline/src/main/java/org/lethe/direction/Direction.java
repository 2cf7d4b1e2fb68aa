package org.lethe.direction;

import java.io.Serializable;

/**
 * Makes one direction of the forget and the retain gradient. Optimizers go against it.
 *
 * <p>A direction that is linear in the two gradients, with weights made of their inner products, is
 * returned as two terms. Any other (element by element, module by module) writes its result over
 * the retain gradient and returns that as its only term.
 */
public sealed interface Direction extends Serializable permits Blur, WeightedSum {
  /** Whether the forget loss has to be computed at all. */
  boolean usesForget();

  /** Whether the retain loss has to be computed at all. */
  boolean usesRetain();

  /** The direction of these gradients. */
  Combination combine(LossGradients gradients);
}
