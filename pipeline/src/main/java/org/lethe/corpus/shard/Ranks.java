package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.corpus.input.CorpusSet;
import scala.Tuple2;

/**
 * The worker of every row, from the rows sorted by digest. A row's rank among the rows of its
 * length is the number of such rows in earlier partitions plus those before it in its own.
 */
final class Ranks implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = 1 << 16;

  /** Number of rows of a partition by corpus and length. */
  record Lengths(int partition, List<TreeMap<Integer, Long>> rows) implements Serializable {

    /** Counts the rows of a partition. */
    static Iterator<Lengths> count(int partition, Iterator<Tuple2<GroupKey, Integer>> rows) {
      List<TreeMap<Integer, Long>> counts = List.of(new TreeMap<>(), new TreeMap<>());
      while (rows.hasNext()) {
        Tuple2<GroupKey, Integer> row = rows.next();
        counts.get(row._1().set()).merge(row._2(), 1L, Long::sum);
      }
      return List.of(new Lengths(partition, counts)).iterator();
    }
  }

  private final Map<CorpusSet, Balance> balances = new EnumMap<>(CorpusSet.class);

  /** Number of rows of each length in earlier partitions: [partition], [corpus]. */
  private final List<List<TreeMap<Integer, Long>>> before = new ArrayList<>();

  /**
   * @param partitions counts of all partitions, in order
   */
  Ranks(List<Lengths> partitions, int workers) {
    List<TreeMap<Integer, Long>> sums = List.of(new TreeMap<>(), new TreeMap<>());
    for (Lengths lengths : partitions) {
      List<TreeMap<Integer, Long>> own = new ArrayList<>();
      for (CorpusSet set : CorpusSet.values()) {
        TreeMap<Integer, Long> starts = new TreeMap<>();
        SortedMap<Integer, Long> sum = sums.get(set.ordinal());
        lengths
            .rows()
            .get(set.ordinal())
            .forEach(
                (length, rows) -> {
                  starts.put(length, sum.getOrDefault(length, 0L));
                  sum.merge(length, rows, Long::sum);
                });
        own.add(starts);
      }
      before.add(own);
    }
    for (CorpusSet set : CorpusSet.values()) {
      balances.put(set, new Balance(sums.get(set.ordinal()), workers));
    }
  }

  /**
   * Returns the workers of a partition's rows by split, as (index, worker) packed into a number.
   */
  Iterator<Tuple2<Integer, long[]>> assign(
      int partition, Iterator<Tuple2<GroupKey, Integer>> rows) {
    List<TreeMap<Integer, Long>> ranks = before.get(partition).stream().map(TreeMap::new).toList();
    return new Iterator<>() {
      private Iterator<Tuple2<Integer, long[]>> block =
          List.<Tuple2<Integer, long[]>>of().iterator();

      @Override
      public boolean hasNext() {
        return block.hasNext() || rows.hasNext();
      }

      @Override
      public Tuple2<Integer, long[]> next() {
        if (!block.hasNext()) {
          block = block(rows, ranks);
        }
        return block.next();
      }
    };
  }

  private Iterator<Tuple2<Integer, long[]>> block(
      Iterator<Tuple2<GroupKey, Integer>> rows, List<TreeMap<Integer, Long>> ranks) {
    BySplit bySplit = new BySplit();
    for (int i = 0; i < BLOCK && rows.hasNext(); i++) {
      Tuple2<GroupKey, Integer> row = rows.next();
      GroupKey key = row._1();
      long rank = ranks.get(key.set()).merge(row._2(), 1L, Long::sum) - 1;
      int worker = balances.get(CorpusSet.values()[key.set()]).worker(row._2(), rank);
      bySplit.add(key.split(), (long) key.index() << Integer.SIZE | worker);
    }
    return bySplit.parts();
  }
}
