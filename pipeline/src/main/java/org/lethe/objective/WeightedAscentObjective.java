package org.lethe.objective;

import java.util.function.DoubleUnaryOperator;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;

/**
 * Gradient ascent with a weight for each token: minus the sum of weight * NLL, counted in tokens.
 * The weight depends on the token's likelihood but is held constant in the gradient.
 *
 * @param weight of a token, from its negative log-likelihood
 */
record WeightedAscentObjective(DoubleUnaryOperator weight) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(decoder.accumulate(batch, this::apply, gradients), batch.completionTokens());
  }

  private double apply(LogitChunk chunk) {
    double[] losses = chunk.tokenLosses();
    double[] weights = new double[losses.length];
    double sum = 0;
    for (int row = 0; row < losses.length; row++) {
      weights[row] = -weight.applyAsDouble(losses[row]);
      sum += weights[row] * losses[row];
    }
    chunk.nllGradient(weights);
    return sum;
  }
}
