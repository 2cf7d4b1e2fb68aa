package org.lethe.objective;

import java.util.Arrays;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.HiddenLoss;

/**
 * Squared distance of activations from a target: for each sequence the mean over its tokens, summed
 * over sequences. Both losses of RMU have this form.
 *
 * @param target [C, D], or [1, D] for all rows
 * @param measure definition of the distance
 */
record ActivationLoss(Matrix target, ActivationMeasure measure) implements HiddenLoss {
  @Override
  public double apply(Compute compute, Matrix hidden, int[] sequences) {
    compute.subtract(target, hidden);
    double[] factors = factors(hidden.columns(), sequences);
    double sum = 0;
    double[] squares = compute.squaredNorms(hidden);
    for (int row = 0; row < factors.length; row++) {
      sum += factors[row] * squares[row];
      factors[row] *= 2;
    }
    compute.scaleRows(factors, hidden);
    return sum;
  }

  /** Returns, per row, one divided by the number of tokens of its sequence, and by D for a mean. */
  private double[] factors(long width, int[] sequences) {
    int[] tokens = new int[Arrays.stream(sequences).max().orElse(0) + 1];
    for (int sequence : sequences) {
      tokens[sequence]++;
    }
    double share = measure == ActivationMeasure.MEAN_SQUARE ? 1.0 / width : 1;
    return Arrays.stream(sequences).mapToDouble(sequence -> share / tokens[sequence]).toArray();
  }
}
