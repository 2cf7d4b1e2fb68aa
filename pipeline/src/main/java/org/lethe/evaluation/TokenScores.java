package org.lethe.evaluation;

/**
 * A sequence's T completion tokens under teacher forcing, end token last.
 *
 * @param losses negative log-likelihood of each token, in nats, [T]
 * @param hits whether each token is the most probable one at its position, [T], or empty if the
 *     model does not provide it
 * @param standardised (log p - mean of log p) / deviation of log p, mean and variance over the
 *     vocabulary under the model, [T], or empty if the model does not provide it
 */
public record TokenScores(double[] losses, boolean[] hits, double[] standardised) {
  public TokenScores {
    if (losses.length == 0) {
      throw new IllegalArgumentException("Invalid token scores: no tokens");
    }
    if ((hits.length != 0 && hits.length != losses.length)
        || (standardised.length != 0 && standardised.length != losses.length)) {
      throw new IllegalArgumentException("Invalid token scores: lengths differ");
    }
  }
}
