package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/**
 * Gradient ascent with a weight for each token: minus the sum of weight * NLL, counted in tokens.
 * The weight depends on the token's likelihood but is held constant in the gradient.
 *
 * @param weights of the tokens
 */
record WeightedAscentObjective(RowWeights weights) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return new LossSum(decoder.accumulate(batch, this::apply, gradients), batch.completionTokens());
  }

  private double apply(LogitChunk chunk) {
    double[] losses = chunk.tokenLosses();
    double[] factors = weights.of(chunk, losses);
    double sum = 0;
    for (int row = 0; row < losses.length; row++) {
      factors[row] = -factors[row];
      sum += factors[row] * losses[row];
    }
    chunk.nllGradient(factors);
    return sum;
  }
}
