package org.lethe.cluster.training;

import org.lethe.cluster.transport.Reduction;

/** Vectors that workers send and the driver averages. */
public enum Averaging {
  /**
   * Every worker takes its local steps alone and returns parameters and optimizer state. The mean
   * is weighted by the examples used.
   */
  PARAMETERS,
  /**
   * Every worker returns its summed gradients. The driver averages both, forms the direction once
   * and takes one step. This is exact large-batch training: projection is not linear, so a mean of
   * projected gradients would be a different direction.
   */
  GRADIENTS;

  /** How the workers' vectors are combined. */
  Reduction reduction() {
    return this == PARAMETERS ? Reduction.MEAN : Reduction.SUM;
  }
}
