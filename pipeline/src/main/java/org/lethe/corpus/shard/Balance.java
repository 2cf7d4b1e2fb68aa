package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;

/**
 * Divides rows among workers so that each gets about the same number of tokens. Longest rows go
 * first, each to the worker that has the fewest tokens so far (Graham 1969: the largest share is at
 * most 4/3 of the best possible one).
 *
 * <p>Only the lengths decide, so the number of rows of each length is enough to compute the worker
 * of the r-th row of that length. After a few rows of one length the workers take turns.
 */
final class Balance implements Serializable {
  private static final long serialVersionUID = 1;

  private final Map<Integer, Turns> byLength = new HashMap<>();

  private record Load(int worker, long tokens) {
    static final Comparator<Load> LEAST_FIRST =
        Comparator.comparingLong(Load::tokens).thenComparingInt(Load::worker);
  }

  /** The workers of the first rows of one length, and then the turns of the others. */
  private record Turns(int[] first, int[] cycle) implements Serializable {
    int worker(long rank) {
      return rank < first.length
          ? first[(int) rank]
          : cycle[(int) ((rank - first.length) % cycle.length)];
    }
  }

  /**
   * Divides rows.
   *
   * @param rowsByLength number of rows of each length in tokens
   */
  Balance(SortedMap<Integer, Long> rowsByLength, int workers) {
    PriorityQueue<Load> loads = new PriorityQueue<>(Load.LEAST_FIRST);
    for (int worker = 0; worker < workers; worker++) {
      loads.add(new Load(worker, 0));
    }
    rowsByLength.keySet().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(length -> byLength.put(length, turns(length, rowsByLength.get(length), loads)));
  }

  private static Turns turns(int length, long rows, PriorityQueue<Load> loads) {
    int[] first = new int[16];
    int given = 0;
    while (given < rows && !takeTurns(loads, length)) {
      if (given == first.length) {
        first = Arrays.copyOf(first, given * 2);
      }
      Load least = loads.remove();
      first[given++] = least.worker();
      loads.add(new Load(least.worker(), least.tokens() + length));
    }
    Load[] sorted = loads.stream().sorted(Load.LEAST_FIRST).toArray(Load[]::new);
    int[] cycle = Arrays.stream(sorted).mapToInt(Load::worker).toArray();
    long left = rows - given;
    loads.clear();
    for (int i = 0; i < sorted.length; i++) {
      long turns = left / sorted.length + (i < left % sorted.length ? 1 : 0);
      loads.add(new Load(sorted[i].worker(), sorted[i].tokens() + turns * length));
    }
    return new Turns(Arrays.copyOf(first, given), cycle);
  }

  /**
   * Returns true if the least load is the greatest after one more row. Then this holds for the next
   * worker too, and so on.
   */
  private static boolean takeTurns(PriorityQueue<Load> loads, int length) {
    Load least = loads.element();
    Load next = new Load(least.worker(), least.tokens() + length);
    return loads.stream().allMatch(load -> Load.LEAST_FIRST.compare(load, next) <= 0);
  }

  /**
   * Returns the worker of a row, from 0.
   *
   * @param rank number of rows of the same length before this one
   */
  int worker(int length, long rank) {
    return byLength.get(length).worker(rank);
  }
}
