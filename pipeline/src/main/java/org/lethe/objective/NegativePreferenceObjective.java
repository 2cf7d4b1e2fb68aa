package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.LogitChunk;
import org.lethe.text.Batch;

/**
 * NPO per sequence, counted in sequences.
 *
 * <p>With x = s - s_ref the loss of a sequence is (2/beta) log(1 + exp(-beta x)) and its derivative
 * by s is -2 sigmoid(-beta x). So its gradient is that of the sequence's summed token losses with
 * one weight for all of them, which is known as soon as the whole sequence has been seen.
 */
record NegativePreferenceObjective(double beta, ReferenceLosses reference) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    double[] references =
        batch.examples().stream().mapToDouble(example -> reference.of(example.id())).toArray();
    double sum =
        decoder.accumulate(batch, chunk -> apply(decoder, batch, chunk, references), gradients);
    return new LossSum(sum, batch.size());
  }

  private double apply(Decoder decoder, Batch batch, LogitChunk chunk, double[] references) {
    return 0;
  }

  /** (2/beta) log(1 + exp(-beta x)), without overflow. */
  double loss(double excess) {
    double z = beta * excess;
    double softplus = Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    return 2 / beta * softplus;
  }

  /** dLoss/ds = -2 sigmoid(-beta x). */
  double slope(double excess) {
    double z = beta * excess;
    double e = Math.exp(-Math.abs(z));
    return -2 * (z >= 0 ? e / (1 + e) : 1 / (1 + e));
  }
}
