package org.lethe.objective;

import java.util.stream.IntStream;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/**
 * (max_k z_k - mean_k z_k)^2 of the logits z, summed over the completion positions, counted in
 * tokens. With m the difference, the gradient is 2 m at the largest logit minus 2 m / V at all.
 */
record LogitFlatteningObjective(RowWeights tokens) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(decoder.accumulate(batch, this::apply, gradients), batch.completionTokens());
  }

  private double apply(LogitChunk chunk) {
    double[] weights = tokens.of(chunk);
    Matrix logits = chunk.logits(); // [n, V]
    Compute compute = chunk.compute();
    double vocabulary = logits.columns();
    int[] largest = compute.largest(logits);
    double[] maxima =
        compute.entries(logits, IntStream.range(0, largest.length).toArray(), largest);
    double[] means = compute.means(logits);
    double sum = 0;
    double[] others = new double[means.length];
    double[] atLargest = new double[means.length];
    for (int row = 0; row < means.length; row++) {
      double margin = maxima[row] - means[row];
      sum += weights[row] * margin * margin;
      others[row] = weights[row] * (-2 * margin / vocabulary);
      atLargest[row] = weights[row] * (2 * margin * (1 - 1.0 / vocabulary));
    }
    compute.fillRows(others, logits);
    compute.setEntries(logits, largest, atLargest);
    return sum;
  }
}
