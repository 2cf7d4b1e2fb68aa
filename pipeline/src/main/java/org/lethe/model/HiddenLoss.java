package org.lethe.model;

import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;

/** A loss of the activations after a decoder block. */
@FunctionalInterface
public interface HiddenLoss {
  /**
   * Computes the summed loss of a batch.
   *
   * @param compute the arithmetic for activations
   * @param hidden activations, [C, D]; to be overwritten with dLoss/dHidden
   * @param sequences sequence in the batch of each row, ascending, [C]
   */
  double apply(Compute compute, Matrix hidden, int[] sequences);
}
