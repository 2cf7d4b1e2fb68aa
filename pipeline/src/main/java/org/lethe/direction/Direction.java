package org.lethe.direction;

import java.io.Serializable;

/**
 * Combines the forget and the retain gradient into one direction. Optimizers move against it.
 *
 * <p>A direction that is linear in the two gradients, with weights from their inner products, is
 * returned as two terms. Any other (element by element, tensor by tensor) changes one of the
 * gradients in place and returns it.
 *
 * <p>A direction is a value. One that learns from step to step ({@link PrimalDual}) keeps a single
 * number, its dual variable, which is part of a training's state.
 */
public interface Direction extends Serializable {
  /** Whether the forget loss has to be computed at all. */
  default boolean usesForget() {
    return true;
  }

  /** Whether the retain loss has to be computed at all. */
  default boolean usesRetain() {
    return true;
  }

  /** State that this rule carries from step to step; 0 if there is none. */
  default double dualVariable() {
    return 0;
  }

  /** Returns the same rule with another dual variable. */
  default Direction withDualVariable(double value) {
    return this;
  }

  /**
   * Returns the rule for the step after this one.
   *
   * @param step the finished step, counted from 0
   * @param retainLoss mean retain loss of that step
   */
  default Direction after(long step, double retainLoss) {
    return this;
  }

  /** Returns the direction of these gradients. */
  Combination combine(LossGradients gradients);
}
