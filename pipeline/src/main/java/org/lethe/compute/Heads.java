package org.lethe.compute;

/**
 * Sizes of attention.
 *
 * @param query H, number of query heads
 * @param keyValue K, number of key and value heads; divides H
 * @param size S, elements per head
 */
public record Heads(int query, int keyValue, int size) {
  /** Number of query heads that share one key/value head. */
  public int group() {
    return query / keyValue;
  }

  /** H S. */
  public int querySize() {
    return query * size;
  }

  /** K S. */
  public int keyValueSize() {
    return keyValue * size;
  }

  /** 1 / sqrt S, the factor of the scores. */
  public double scale() {
    return 1 / Math.sqrt(size);
  }
}
