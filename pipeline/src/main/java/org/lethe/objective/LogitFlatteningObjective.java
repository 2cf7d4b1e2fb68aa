package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * (max_k z_k - mean_k z_k)^2 of the logits z, summed over the completion positions, counted in
 * tokens. With m the difference, the gradient is 2 m at the largest logit less 2 m / V at all.
 */
record LogitFlatteningObjective() implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(
        decoder.accumulate(batch, LogitFlatteningObjective::apply, gradients),
        batch.completionTokens());
  }

  private static double apply(LogitChunk chunk) {
    INDArray logits = chunk.logits(); // [n, V]
    long vocabulary = logits.columns();
    long[] largest;
    double[] means;
    try (INDArray indices = logits.argMax(1);
        INDArray averages = logits.mean(1)) {
      largest = indices.toLongVector();
      means = averages.toDoubleVector();
    }
    double sum = 0;
    double[] margins = new double[means.length];
    for (int row = 0; row < margins.length; row++) {
      margins[row] = logits.getDouble(row, largest[row]) - means[row];
      sum += margins[row] * margins[row];
    }
    for (int row = 0; row < margins.length; row++) {
      logits.getRow(row).assign(-2 * margins[row] / vocabulary);
      logits.putScalar(row, largest[row], 2 * margins[row] * (1 - 1.0 / vocabulary));
    }
    return sum;
  }
}
