package org.lethe.objective;

import java.util.Arrays;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.text.Batch;

/**
 * Sign times the summed negative log-likelihood, counted in tokens: token-mean training for +1,
 * gradient ascent for -1.
 */
record LikelihoodObjective(int sign) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    double sum =
        decoder.accumulate(
            batch,
            chunk -> {
              double[] losses = chunk.tokenLosses();
              double[] weights = new double[losses.length];
              Arrays.fill(weights, sign);
              chunk.nllGradient(weights);
              return sign * Arrays.stream(losses).sum();
            },
            gradients);
    return new LossSum(sum, batch.completionTokens());
  }
}
