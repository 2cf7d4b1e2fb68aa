package org.lethe.objective;

import java.io.Serializable;

/**
 * A loss before the division by its count, so that micro-batches and workers add up exactly.
 *
 * @param sum summed loss
 * @param count number of sequences or tokens, as the loss defines
 */
public record LossSum(double sum, long count) implements Serializable {
  /** An empty sum. */
  public static final LossSum ZERO = new LossSum(0, 0);

  /** Adds another part of the same loss. */
  public LossSum plus(LossSum other) {
    return new LossSum(sum + other.sum, count + other.count);
  }

  /** Returns sum / count, or 0 if the count is 0. */
  public double mean() {
    return count == 0 ? 0 : sum / count;
  }
}
