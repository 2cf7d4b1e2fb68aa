package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.Arrays;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputRow.Place;

/**
 * The output file of every row, as a number: one for each shard and each quarantine file. Takes
 * four bytes per row, so every task can get the whole map.
 */
final class OutputNumbers implements Serializable {
  static final int NOWHERE = -1;

  private final int workers;
  private final int[][] bySplit;

  OutputNumbers(int splits, int workers) {
    this.workers = workers;
    this.bySplit = new int[splits][0];
  }

  /** Number of output files. */
  int count() {
    return CorpusSet.values().length * (workers + 1);
  }

  int shard(CorpusSet set, int worker) {
    return set.ordinal() * (workers + 1) + worker;
  }

  int quarantine(CorpusSet set) {
    return set.ordinal() * (workers + 1) + workers;
  }

  CorpusSet set(int target) {
    return CorpusSet.values()[target / (workers + 1)];
  }

  boolean isQuarantine(int target) {
    return worker(target) == workers;
  }

  int worker(int target) {
    return target % (workers + 1);
  }

  void put(Place place, int target) {
    int[] targets = bySplit[place.split()];
    if (place.index() >= targets.length) {
      int length = Math.max(place.index() + 1, targets.length * 2);
      int[] longer = Arrays.copyOf(targets, length);
      Arrays.fill(longer, targets.length, length, NOWHERE);
      targets = longer;
      bySplit[place.split()] = targets;
    }
    targets[place.index()] = target;
  }

  int of(Place place) {
    int[] targets = bySplit[place.split()];
    return place.index() < targets.length ? targets[place.index()] : NOWHERE;
  }
}
