package org.lethe.direction;

import java.io.Serializable;

/**
 * Makes one direction of the forget and the retain gradient. Optimizers go against it.
 *
 * <p>A direction that is linear in the two gradients, with weights made of their inner products, is
 * returned as two terms. Any other (element by element, tensor by tensor) changes one of the
 * gradients in place and returns what it left there.
 */
public sealed interface Direction extends Serializable
    permits Blur,
        BlurBarrier,
        BlurMetric,
        BlurRelative,
        BlurScaled,
        BlurSwapped,
        ConflictProjection,
        NormalizedDifference,
        SignAgreement,
        WeightedSum {
  /** Whether the forget loss has to be computed at all. */
  default boolean usesForget() {
    return true;
  }

  /** Whether the retain loss has to be computed at all. */
  default boolean usesRetain() {
    return true;
  }

  /** The direction of these gradients. */
  Combination combine(LossGradients gradients);
}
