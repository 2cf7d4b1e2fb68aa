package org.lethe.direction;

import java.io.Serializable;

/**
 * Makes one direction of the forget and the retain gradient. Optimizers go against it.
 *
 * <p>A direction that is linear in the two gradients, with weights made of their inner products, is
 * returned as two terms. Any other (element by element, tensor by tensor) changes one of the
 * gradients in place and returns what it left there.
 *
 * <p>A direction is a value. One that learns from step to step ({@link PrimalDual}) keeps a single
 * number, its dual variable, which is part of the state of a training.
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
        PrimalDual,
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

  /** What this rule carries from step to step; 0 for a rule that carries nothing. */
  default double dualVariable() {
    return 0;
  }

  /** The same rule with another dual variable. */
  default Direction withDualVariable(double value) {
    return this;
  }

  /**
   * The rule for the step after this one.
   *
   * @param step that was taken, counted from 0
   * @param retainLoss mean retain loss of that step
   */
  default Direction after(long step, double retainLoss) {
    return this;
  }

  /** The direction of these gradients. */
  Combination combine(LossGradients gradients);
}
