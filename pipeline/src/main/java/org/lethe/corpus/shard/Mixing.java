package org.lethe.corpus.shard;

/** Pseudo-random numbers of a row that depend on a seed and the row's digest alone. */
final class Mixing {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long SAMPLE = 0xD1B54A32D192ED03L;

  private Mixing() {}

  /**
   * Returns the number that orders a shard.
   *
   * @param prefix the digest's first eight bytes
   */
  static long order(long seed, long prefix) {
    return finished(prefix + seed * GOLDEN);
  }

  /** Returns the number that draws a sample. It is independent of the order. */
  static long sample(long seed, long prefix) {
    return finished(order(seed, prefix) ^ SAMPLE);
  }

  /** SplitMix64's finaliser. */
  private static long finished(long sum) {
    long z = sum;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
