package org.lethe.objective;

import java.io.Serializable;

/**
 * A loss before division: micro-batches and workers add up exactly.
 *
 * @param sum summed loss
 * @param count what it is the sum over: sequences or tokens, as the loss defines
 */
public record LossSum(double sum, long count) implements Serializable {
  /** Nothing yet. */
  public static final LossSum ZERO = new LossSum(0, 0);

  /** Adds another part of the same loss. */
  public LossSum plus(LossSum other) {
    return new LossSum(sum + other.sum, count + other.count);
  }

  /** Sum divided by count; 0 where there is nothing. */
  public double mean() {
    return count == 0 ? 0 : sum / count;
  }
}
