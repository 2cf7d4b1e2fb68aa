package org.lethe.corpus.shard;

import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.lethe.corpus.input.CorpusSet;
import scala.Tuple2;

/**
 * Gives the rows of a split their shard and their position in it. Rows are in the split's order.
 */
final class PlaceTask
    implements FlatMapFunction2<
        Iterator<EncodedRow>, Iterator<Tuple2<Integer, long[]>>, Tuple2<OutputKey, Boolean>> {
  private static final long serialVersionUID = 1;

  private final int workers;
  private final long seed;

  PlaceTask(int workers, long seed) {
    this.workers = workers;
    this.seed = seed;
  }

  /** Returns the number of a shard among those of both corpora. */
  static int target(CorpusSet set, int worker, int workers) {
    return set.ordinal() * workers + worker;
  }

  @Override
  public Iterator<Tuple2<OutputKey, Boolean>> call(
      Iterator<EncodedRow> rows, Iterator<Tuple2<Integer, long[]>> assigned) {
    long[] byIndex = BySplit.sorted(assigned);
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Tuple2<OutputKey, Boolean> next() {
        EncodedRow row = rows.next();
        long packed = byIndex[next++];
        if (packed >>> Integer.SIZE != row.index()) {
          throw new IllegalStateException(
              "Invalid order: row " + row.index() + " of split " + row.split() + " has no worker");
        }
        int target = target(row.set(), (int) packed, workers);
        return new Tuple2<>(new OutputKey(target, row.order(seed), row), Boolean.TRUE);
      }
    };
  }
}
