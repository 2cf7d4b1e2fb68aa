package org.lethe.reveal.filter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.Words;

/**
 * Detects nearly equal sets by 128 minimum hashes in 32 bands of 4 (Broder 1997; Leskovec et al.,
 * Mining of Massive Datasets, chapter 3). Two sets of similarity s share a band with probability 1
 * - (1 - s^4)^32, which misses 5e-8 of the pairs at s = 0.8. Pairs that share a band are compared
 * exactly.
 */
public final class MinHash {
  private static final int BANDS = 32;
  private static final int ROWS = 4;
  static final int HASHES = BANDS * ROWS;

  private final double threshold;
  private final Map<Long, Set<Integer>> bands = new HashMap<>();
  private final Map<Integer, Set<Long>> members = new HashMap<>();

  /**
   * @param threshold minimum Jaccard similarity of nearly equal sets
   */
  public MinHash(double threshold) {
    this.threshold = threshold;
  }

  /** Hashes the word n-grams of a text. */
  public static Set<Long> grams(List<String> words, int n) {
    Set<Long> grams = new HashSet<>();
    for (List<String> gram : Words.grams(words, n)) {
      grams.add(SeededRandom.mix(0, String.join(" ", gram)));
    }
    return grams;
  }

  /** Adds a set unless an earlier one is nearly equal. Returns whether it was added. */
  boolean addUnlessNear(Set<Long> set) {
    long[] keys = keys(set);
    if (isNear(set, keys)) {
      return false;
    }
    add(set, keys);
    return true;
  }

  /** Adds a set. */
  public void add(Set<Long> set) {
    add(set, keys(set));
  }

  /** Returns true if an added set is nearly equal. */
  public boolean isNear(Set<Long> set) {
    return isNear(set, keys(set));
  }

  private void add(Set<Long> set, long[] keys) {
    int number = members.size();
    members.put(number, set);
    for (long key : keys) {
      bands.computeIfAbsent(key, k -> new HashSet<>()).add(number);
    }
  }

  private boolean isNear(Set<Long> set, long[] keys) {
    Set<Integer> near = new HashSet<>();
    for (long key : keys) {
      near.addAll(bands.getOrDefault(key, Set.of()));
    }
    return near.stream().anyMatch(other -> jaccard(set, members.get(other)) >= threshold);
  }

  /** Returns the key of each band. */
  private static long[] keys(Set<Long> set) {
    long[] signature = signature(set);
    long[] keys = new long[BANDS];
    for (int band = 0; band < BANDS; band++) {
      long key = band;
      for (int row = 0; row < ROWS; row++) {
        key = SeededRandom.mix(key ^ signature[band * ROWS + row]);
      }
      keys[band] = key;
    }
    return keys;
  }

  /** Returns the minimum of each hash over the set, [128]. */
  static long[] signature(Set<Long> set) {
    long[] least = new long[HASHES];
    Arrays.fill(least, Long.MAX_VALUE);
    for (long member : set) {
      for (int i = 0; i < HASHES; i++) {
        least[i] = Math.min(least[i], SeededRandom.mix(member ^ SeededRandom.mix(i)));
      }
    }
    return least;
  }

  /** Returns the size of the intersection divided by that of the union, or 1 for two empty sets. */
  static double jaccard(Set<Long> a, Set<Long> b) {
    long common = a.stream().filter(b::contains).count();
    long all = a.size() + b.size() - common;
    return all == 0 ? 1 : (double) common / all;
  }
}
