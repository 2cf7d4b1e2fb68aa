package org.lethe.compute;

/**
 * Sizes of attention and its scores.
 *
 * @param query H, number of query heads
 * @param keyValue K, number of key and value heads; divides H
 * @param size S, elements per head
 * @param scores scores of queries and keys
 */
public record Heads(int query, int keyValue, int size, Scores scores) {
  /** Heads whose scores are divided by sqrt S. */
  public Heads(int query, int keyValue, int size) {
    this(query, keyValue, size, Scores.scaled(1 / Math.sqrt(size)));
  }

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

  /** Factor of the products of queries and keys. */
  public double scale() {
    return scores.scale();
  }
}
