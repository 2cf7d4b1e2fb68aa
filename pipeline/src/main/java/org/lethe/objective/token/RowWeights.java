package org.lethe.objective.token;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.lethe.compute.Compute.Moments;
import org.lethe.model.LogitChunk;

/** Weights of the tokens of a batch, chunk by chunk. The gradient holds them constant. */
@FunctionalInterface
public interface RowWeights {
  /** 1 for every token. */
  RowWeights UNIFORM =
      new RowWeights() {
        @Override
        public double[] of(LogitChunk chunk, double[] losses) {
          double[] ones = new double[chunk.rows()];
          Arrays.fill(ones, 1);
          return ones;
        }

        @Override
        public double[] of(LogitChunk chunk) {
          return of(chunk, new double[0]);
        }
      };

  /**
   * Returns a weight for each row.
   *
   * @param losses negative log-likelihoods of the chunk's targets, in nats
   */
  double[] of(LogitChunk chunk, double[] losses);

  /**
   * Ends a step, after which learned weights may change.
   *
   * @param step counted from 0
   */
  default void stepEnded(long step) {}

  /** Returns a weight for each row. Reads the raw logits and leaves them as they are. */
  default double[] of(LogitChunk chunk) {
    int[] rows = IntStream.range(0, chunk.rows()).toArray();
    Moments moments = chunk.compute().moments(chunk.logits(), rows, chunk.targets());
    double[] losses = new double[rows.length];
    for (int row : rows) {
      losses[row] = Math.log(moments.sums()[row]) - moments.shifted()[row];
    }
    return of(chunk, losses);
  }
}
