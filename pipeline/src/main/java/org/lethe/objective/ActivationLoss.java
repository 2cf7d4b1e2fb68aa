package org.lethe.objective;

import java.util.Arrays;
import org.lethe.model.HiddenLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Squared distance of activations from a target: for each sequence the mean over its tokens, summed
 * over sequences. Both losses of RMU are of this form.
 *
 * @param target [C, D], or [1, D] for all rows
 * @param measure what counts as distance
 */
record ActivationLoss(INDArray target, ActivationMeasure measure) implements HiddenLoss {
  @Override
  public double apply(INDArray hidden, int[] sequences) {
    if (target.rows() == 1) {
      hidden.subiRowVector(target);
    } else {
      hidden.subi(target);
    }
    double[] factors = factors(hidden.columns(), sequences);
    double sum = 0;
    try (INDArray squares = hidden.mul(hidden);
        INDArray perRow = squares.sum(1)) {
      for (int row = 0; row < factors.length; row++) {
        sum += factors[row] * perRow.getDouble(row);
        factors[row] *= 2;
      }
    }
    try (INDArray column = Nd4j.createFromArray(factors).castTo(hidden.dataType())) {
      hidden.muliColumnVector(column.reshape('c', factors.length, 1));
    }
    return sum;
  }

  /** One divided by the number of tokens that the row's sequence has, and by D for a mean. */
  private double[] factors(long width, int[] sequences) {
    int[] tokens = new int[Arrays.stream(sequences).max().orElse(0) + 1];
    for (int sequence : sequences) {
      tokens[sequence]++;
    }
    double share = measure == ActivationMeasure.MEAN_SQUARE ? 1.0 / width : 1;
    return Arrays.stream(sequences).mapToDouble(sequence -> share / tokens[sequence]).toArray();
  }
}
