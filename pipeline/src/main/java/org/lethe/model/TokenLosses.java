package org.lethe.model;

import java.util.Arrays;

/**
 * Negative log-likelihoods of the completion tokens of a batch, in nats.
 *
 * @param tokens one array per sequence, in the order of the batch; entry i is the loss of the
 *     completion's token i, the end token included
 */
public record TokenLosses(double[][] tokens) {
  /** Sum over the completion of sequence b. */
  public double sum(int b) {
    return Arrays.stream(tokens[b]).sum();
  }

  /** Sums over the completions, [B]. */
  public double[] sums() {
    return Arrays.stream(tokens).mapToDouble(t -> Arrays.stream(t).sum()).toArray();
  }

  /** Sum over all sequences. */
  public double total() {
    return Arrays.stream(sums()).sum();
  }

  /** Number of completion tokens. */
  public long count() {
    return Arrays.stream(tokens).mapToLong(t -> t.length).sum();
  }
}
