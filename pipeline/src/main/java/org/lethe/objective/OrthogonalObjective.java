package org.lethe.objective;

import java.util.Map;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A loss with O-LoRA's penalty (Wang et al. 2023), normalised: weight times the mean, over modules
 * and pairs of an old and a new row of A, of the absolute cosine between both. The public code sums
 * absolute inner products, which grow with rank, modules and the length of the rows. There the same
 * weight has a different effect for each model, and short rows escape the penalty.
 */
record OrthogonalObjective(Objective base, double weight, FrozenRows old) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    LossSum loss = base.accumulate(decoder, batch, gradients);
    double penalty = 0;
    for (Map.Entry<String, float[][]> factor : old.rows().entrySet()) {
      Entry entry =
          decoder
              .layout()
              .find(factor.getKey())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Invalid old factor: " + factor.getKey() + " is not trained here"));
      double[][] rows = rows(decoder.layout().view(decoder.parameters(), entry));
      double scale = weight / ((double) old.rows().size() * rows.length * factor.getValue().length);
      double[][] gradient = new double[rows.length][rows[0].length];
      for (int i = 0; i < rows.length; i++) {
        penalty += scale * absoluteCosines(rows[i], factor.getValue(), gradient[i]);
        for (int k = 0; k < gradient[i].length; k++) {
          // Scaled to the sum, because it is divided by the count together with the loss.
          gradient[i][k] *= scale * loss.count();
        }
      }
      add(gradient, decoder.layout().view(gradients.flat(), entry));
    }
    return new LossSum(loss.sum() + loss.count() * penalty, loss.count());
  }

  private static double[][] rows(TensorValues factor) {
    double[][] rows = new double[(int) factor.shape()[0]][(int) factor.shape()[1]];
    for (int i = 0; i < rows.length; i++) {
      factor.get((long) i * rows[i].length, rows[i], 0, rows[i].length);
    }
    return rows;
  }

  /** Adds both terms in the type of the target. */
  private static void add(double[][] gradient, TensorValues target) {
    double[][] sums = rows(target);
    boolean rounds = target.type() == DataType.FLOAT;
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; k < sums[i].length; k++) {
        sums[i][k] += rounds ? (float) gradient[i][k] : gradient[i][k];
      }
      target.put((long) i * sums[i].length, sums[i], 0, sums[i].length);
    }
  }

  /**
   * Returns the sum of |cos(row, unit)| over the units, and its gradient with respect to the row.
   */
  private static double absoluteCosines(double[] row, float[][] units, double[] gradient) {
    double norm = 0;
    for (double value : row) {
      norm += value * value;
    }
    norm = Math.sqrt(norm);
    if (norm == 0) {
      return 0;
    }
    double sum = 0;
    for (float[] unit : units) {
      double cosine = 0;
      for (int k = 0; k < row.length; k++) {
        cosine += row[k] * unit[k] / norm;
      }
      sum += Math.abs(cosine);
      double sign = Math.signum(cosine);
      for (int k = 0; k < row.length; k++) {
        gradient[k] += sign * (unit[k] - cosine * row[k] / norm) / norm;
      }
    }
    return sum;
  }
}
