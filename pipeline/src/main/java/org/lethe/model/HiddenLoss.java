package org.lethe.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A loss of the activations after some decoder block. */
@FunctionalInterface
public interface HiddenLoss {
  /**
   * The summed loss of a batch.
   *
   * @param hidden activations, [C, D]; to be overwritten with dLoss/dHidden
   * @param sequences the sequence of the batch that each row is of, ascending, [C]
   */
  double apply(INDArray hidden, int[] sequences);
}
