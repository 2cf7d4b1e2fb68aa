package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport.OverlappingRow;

/**
 * What the shuffles decided about a block of rows: which ones may go into shards, and which ones
 * have an id that is taken. Sixteen bytes per row and no text.
 */
final class Decisions implements Serializable {
  private static final long serialVersionUID = 1;

  /** Places with the hash that draws a sample, and whether the row is near to the forget rows. */
  static final class Places implements Serializable {
    private static final long serialVersionUID = 1;

    private long[] places = new long[16];
    private long[] hashes = new long[16];
    private int size;

    void add(int split, int index, long hash) {
      if (size == places.length) {
        places = Arrays.copyOf(places, size * 2);
        hashes = Arrays.copyOf(hashes, size * 2);
      }
      places[size] = (long) split << Integer.SIZE | index;
      hashes[size++] = hash;
    }

    int size() {
      return size;
    }

    int split(int i) {
      return (int) (places[i] >>> Integer.SIZE);
    }

    int index(int i) {
      return (int) places[i];
    }

    /** Returns the pseudo-random number of row i, from its digest and the seed. */
    long hash(int i) {
      return hashes[i];
    }
  }

  /** A row that is in both corpora, with the place that orders examples. */
  record Overlap(int split, int index, OverlappingRow row) implements Serializable {
    static final Comparator<Overlap> IN_INPUT_ORDER =
        Comparator.comparingInt(Overlap::split).thenComparingInt(Overlap::index);
  }

  /**
   * Counts of one corpus.
   *
   * @param usable usable rows, duplicates that are kept included
   * @param duplicates rows that repeat an earlier one
   * @param idTaken rows whose id an earlier row has
   * @param excluded rows of the exclusion list
   */
  record SetCounts(long usable, long duplicates, long idTaken, long excluded)
      implements Serializable {
    static final SetCounts NONE = new SetCounts(0, 0, 0, 0);

    SetCounts plus(SetCounts other) {
      return new SetCounts(
          usable + other.usable,
          duplicates + other.duplicates,
          idTaken + other.idTaken,
          excluded + other.excluded);
    }
  }

  /**
   * Counts of some blocks.
   *
   * @param sets counts by corpus
   * @param overlapping number of retain rows that are in the forget corpus
   * @param examples the first of them
   */
  record Counts(List<SetCounts> sets, long overlapping, List<Overlap> examples)
      implements Serializable {
    static final Counts NONE =
        new Counts(List.of(SetCounts.NONE, SetCounts.NONE), 0, List.<Overlap>of());

    SetCounts of(CorpusSet set) {
      return sets.get(set.ordinal());
    }

    /** Returns the sum, with the first examples of both. */
    Counts plus(Counts other) {
      List<SetCounts> sums = new ArrayList<>();
      for (CorpusSet set : CorpusSet.values()) {
        sums.add(of(set).plus(other.of(set)));
      }
      List<Overlap> all = new ArrayList<>(examples);
      all.addAll(other.examples);
      all.sort(Overlap.IN_INPUT_ORDER);
      return new Counts(
          sums,
          overlapping + other.overlapping,
          List.copyOf(all.subList(0, Math.min(all.size(), ReportMaker.MOST_EXAMPLES))));
    }
  }

  private final List<Places> far = List.of(new Places(), new Places());
  private final List<Places> near = List.of(new Places(), new Places());
  private final Places idTaken = new Places();
  private Counts counts = Counts.NONE;

  /** Rows that may go into shards and are not near to the forget rows. */
  Places far(CorpusSet set) {
    return far.get(set.ordinal());
  }

  /** Rows that may go into shards and are near to the forget rows. */
  Places near(CorpusSet set) {
    return near.get(set.ordinal());
  }

  /** Both of these lists. */
  List<Places> usable(CorpusSet set) {
    return List.of(far(set), near(set));
  }

  /** Rows whose id an earlier row of the corpus has. */
  Places idTaken() {
    return idTaken;
  }

  Counts counts() {
    return counts;
  }

  void setCounts(Counts found) {
    counts = found;
  }
}
