package org.lethe.cluster.training;

import org.lethe.cluster.transport.Reduction;

/** What workers send and what is averaged. */
public enum Averaging {
  /**
   * Every worker takes its local steps alone and returns parameters and optimizer state, which are
   * averaged weighted by the examples used.
   */
  PARAMETERS,
  /**
   * Every worker returns its summed gradients; the driver averages both, forms the direction once
   * and steps once. Exact large-batch training: a projection is not linear, so averages of
   * projected gradients are something else.
   */
  GRADIENTS;

  /** How the vectors that workers send become one. */
  Reduction reduction() {
    return this == PARAMETERS ? Reduction.MEAN : Reduction.SUM;
  }
}
