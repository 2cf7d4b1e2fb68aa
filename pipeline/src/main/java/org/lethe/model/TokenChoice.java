package org.lethe.model;

import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;

/** Chooses tokens from logits. */
@FunctionalInterface
public interface TokenChoice {
  /** The most probable token of each row. */
  TokenChoice GREEDY = (compute, logits, first) -> compute.largest(logits);

  /**
   * @param logits logits of some rows, [n, V]
   * @param first index of the first row among all rows of this step
   * @return a token for each row, [n]
   */
  int[] choose(Compute compute, Matrix logits, int first);
}
