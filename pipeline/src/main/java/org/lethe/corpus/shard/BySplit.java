package org.lethe.corpus.shard;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import scala.Tuple2;

/** Collects numbers by split. */
final class BySplit {
  private final Map<Integer, Numbers> bySplit = new TreeMap<>();

  private static final class Numbers {
    private long[] values = new long[4];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    long[] exact() {
      return Arrays.copyOf(values, size);
    }
  }

  void add(int split, long value) {
    bySplit.computeIfAbsent(split, s -> new Numbers()).add(value);
  }

  /** Returns the numbers of every split that has some. */
  Iterator<Tuple2<Integer, long[]>> parts() {
    return bySplit.entrySet().stream()
        .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue().exact()))
        .iterator();
  }

  /** Collects the sorted numbers of one split. */
  static long[] sorted(Iterator<Tuple2<Integer, long[]>> parts) {
    Numbers all = new Numbers();
    while (parts.hasNext()) {
      for (long value : parts.next()._2()) {
        all.add(value);
      }
    }
    long[] sorted = all.exact();
    Arrays.sort(sorted);
    return sorted;
  }
}
