package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.Decisions.Places;

/**
 * Chooses rows among the usable ones: the first rows of each corpus in input order, and a sample of
 * the retain corpus by the smallest hashes.
 */
final class RowChoice implements Serializable {
  private static final long serialVersionUID = 1;

  /** The largest hash as an unsigned number: a sample with this bound has all rows. */
  static final long EVERY_HASH = -1;

  /** The last place of a corpus that is chosen. */
  record Last(int split, int index) implements Serializable {
    static final Last NONE_LEFT_OUT = new Last(Integer.MAX_VALUE, Integer.MAX_VALUE);

    boolean includes(int otherSplit, int otherIndex) {
      return otherSplit < split || otherSplit == split && otherIndex <= index;
    }
  }

  private final List<Last> last;
  private final long farBound;
  private final long nearBound;

  private RowChoice(List<Last> last, long farBound, long nearBound) {
    this.last = last;
    this.farBound = farBound;
    this.nearBound = nearBound;
  }

  /** Chooses all rows. */
  static RowChoice all() {
    return new RowChoice(List.of(Last.NONE_LEFT_OUT, Last.NONE_LEFT_OUT), EVERY_HASH, EVERY_HASH);
  }

  /** Returns this choice without the rows of the corpus behind a place. */
  RowChoice upTo(CorpusSet set, Last place) {
    List<Last> changed = new ArrayList<>(last);
    changed.set(set.ordinal(), place);
    return new RowChoice(List.copyOf(changed), farBound, nearBound);
  }

  /**
   * Returns this choice with a sample of the retain corpus. A bound is the largest hash of the
   * sample, compared as an unsigned number.
   *
   * @param far bound of rows that are not near to the forget rows
   * @param near bound of rows near to the forget rows
   */
  RowChoice sampled(long far, long near) {
    return new RowChoice(last, far, near);
  }

  /** Whether row i of the list is among the first rows of its corpus. */
  boolean isEarly(CorpusSet set, Places places, int i) {
    return last.get(set.ordinal()).includes(places.split(i), places.index(i));
  }

  /** Returns the chosen places of a block, as (split, index) packed into a number, in order. */
  long[] of(CorpusSet set, Decisions block) {
    long[] chosen = new long[block.far(set).size() + block.near(set).size()];
    int size = add(set, block.far(set), farBound, chosen, 0);
    size = add(set, block.near(set), nearBound, chosen, size);
    long[] exact = Arrays.copyOf(chosen, size);
    Arrays.sort(exact);
    return exact;
  }

  private int add(CorpusSet set, Places places, long bound, long[] chosen, int from) {
    long largest = set == CorpusSet.FORGET ? EVERY_HASH : bound;
    int size = from;
    for (int i = 0; i < places.size(); i++) {
      if (isEarly(set, places, i) && Long.compareUnsigned(places.hash(i), largest) <= 0) {
        chosen[size++] = (long) places.split(i) << Integer.SIZE | places.index(i);
      }
    }
    return size;
  }
}
