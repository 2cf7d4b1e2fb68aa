package org.lethe.compute;

/**
 * Sizes of attention.
 *
 * @param query H, query heads
 * @param keyValue K, key and value heads; divides H
 * @param size S, elements of one head
 */
public record Heads(int query, int keyValue, int size) {
  /** Query heads that share one key/value head. */
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
