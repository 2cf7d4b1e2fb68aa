package org.lethe.reveal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random numbers that depend on a seed and a purpose, never on when or where they are drawn. Bounds
 * and normal deviates are computed here from 64 random bits, which Java specifies. The JDK's own
 * methods for them differ between versions.
 */
public final class SeededRandom {
  private static final double UNIT = 0x1.0p-53;

  private final SplittableRandom random;

  private SeededRandom(long seed) {
    this.random = new SplittableRandom(seed);
  }

  public static SeededRandom of(long seed, String purpose) {
    return new SeededRandom(mix(seed, purpose));
  }

  /** Mixes a seed with a text (64-bit FNV-1a over its bytes). */
  public static long mix(long seed, String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(mix(seed) ^ hash);
  }

  /** Finaliser of SplitMix64. */
  public static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long bits() {
    return random.nextLong();
  }

  /** Returns a number from 0 to bound - 1. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(random.nextLong(), bound);
  }

  public <T> T pick(List<T> list) {
    return list.get(below(list.size()));
  }

  /** Returns the numbers from 0 to count - 1 in random order. */
  public int[] permutation(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Returns a standard normal deviate (Box and Muller). */
  public double normal() {
    double u = ((random.nextLong() >>> 11) + 1) * UNIT;
    double v = (random.nextLong() >>> 11) * UNIT;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }
}
