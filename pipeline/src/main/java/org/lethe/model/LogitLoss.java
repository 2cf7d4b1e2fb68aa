package org.lethe.model;

/**
 * A loss of the logits at the completion positions. The decoder calls it once per chunk of rows, in
 * batch order. A sequence lies in one chunk if it fits.
 */
@FunctionalInterface
public interface LogitLoss {
  /**
   * Computes the chunk's share of the loss and leaves dLoss/dLogits in the chunk, by one of {@link
   * LogitChunk#nllGradient}, {@link LogitChunk#divergence}, {@link LogitChunk#crossEntropies} or by
   * overwriting {@link LogitChunk#logits}.
   *
   * @return the chunk's share of the (summed) loss
   */
  double apply(LogitChunk chunk);

  /** Sum of the token losses, each with weight 1. */
  static LogitLoss negativeLogLikelihood() {
    return chunk -> {
      double[] losses = chunk.tokenLosses();
      double[] weights = new double[losses.length];
      double sum = 0;
      for (int row = 0; row < losses.length; row++) {
        weights[row] = 1;
        sum += losses[row];
      }
      chunk.nllGradient(weights);
      return sum;
    };
  }
}
