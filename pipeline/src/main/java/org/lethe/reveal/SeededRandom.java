package org.lethe.reveal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random draws that depend on a seed and on what they are for, never on when or where they are
 * made. Bounds and normal deviates are made here from 64 random bits, which Java specifies; how its
 * own methods make them differs between versions.
 */
final class Draws {
  private static final double UNIT = 0x1.0p-53;

  private final SplittableRandom random;

  private Draws(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static Draws of(long seed, String purpose) {
    return new Draws(mix(seed, purpose));
  }

  /** A number made of a seed and a text (64-bit FNV-1a over its bytes, mixed with the seed). */
  static long mix(long seed, String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(mix(seed) ^ hash);
  }

  /** The finaliser of SplitMix64. */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long bits() {
    return random.nextLong();
  }

  /** From 0 to bound - 1. */
  int below(int bound) {
    return (int) Long.remainderUnsigned(random.nextLong(), bound);
  }

  <T> T pick(List<T> list) {
    return list.get(below(list.size()));
  }

  /** The numbers from 0 to count - 1 in random order. */
  int[] permutation(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** A standard normal deviate (Box and Muller). */
  double normal() {
    double u = ((random.nextLong() >>> 11) + 1) * UNIT;
    double v = (random.nextLong() >>> 11) * UNIT;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }
}
