package org.lethe.model;

/**
 * Source of dropout masks. A mask depends on its arguments alone, not on when or where it is drawn.
 *
 * @param seed seed of the run
 * @param step step of the run
 */
public record Noise(long seed, long step) {
  /** Hashes a row id (64-bit FNV-1a over its characters, mixed). */
  public static long key(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /**
   * Returns the start of the random stream for one row of one factor.
   *
   * @param map index of the factor's linear map in its block, below 8
   */
  long stream(long key, int position, int layer, int map) {
    long state = mix(seed + 0x9E3779B97F4A7C15L * step);
    state = mix(state ^ key);
    return mix(state + 0x9E3779B97F4A7C15L * (position * 8192L + layer * 8L + map));
  }

  /**
   * Fills the mask of one row: 0 with the given probability, 1 / (1 - probability) otherwise.
   *
   * @param mask filled from index 0, count entries
   */
  static void mask(long stream, double probability, float[] mask, int count) {
    float kept = (float) (1 / (1 - probability));
    long threshold = (long) (probability * (1L << 53));
    for (int i = 0; i < count; i++) {
      long uniform = mix(stream + 0x9E3779B97F4A7C15L * (i + 1)) >>> 11;
      mask[i] = uniform < threshold ? 0 : kept;
    }
  }

  /** The finaliser of SplitMix64. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
