package org.lethe.evaluation;

/**
 * A sequence's completion tokens under teacher forcing, T of them, end token last.
 *
 * @param losses negative log-likelihood of each, in nats, [T]
 * @param hits whether each is the most probable token at its place, [T], or empty where the model
 *     does not say
 * @param standardised (log p - mean of log p) / deviation of log p, mean and variance over the
 *     vocabulary under the model, [T], or empty where the model does not say
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
