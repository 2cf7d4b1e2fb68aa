package org.lethe.corpus.shard;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.util.CollectionAccumulator;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.ShardRow;
import scala.Tuple2;

/**
 * Reads splits and returns id, place and digest of every usable row, but no text. Reports counts
 * through an accumulator. A retried task reports the same counts of its split again.
 */
final class SummaryTask implements PairFlatMapFunction<Iterator<InputSplit>, GroupKey, byte[]> {
  private static final long serialVersionUID = 1;

  private final ReadTask reader;
  private final Closeness closeness;
  private final CollectionAccumulator<RowCounts> counts;

  SummaryTask(ReadTask reader, Closeness closeness, CollectionAccumulator<RowCounts> counts) {
    this.reader = reader;
    this.closeness = closeness;
    this.counts = counts;
  }

  @Override
  public Iterator<Tuple2<GroupKey, byte[]>> call(Iterator<InputSplit> splits) {
    if (!splits.hasNext()) {
      return Collections.emptyIterator();
    }
    InputSplit split = splits.next();
    return new Summaries(split, reader.read(split, index -> true));
  }

  private final class Summaries implements Iterator<Tuple2<GroupKey, byte[]>> {
    private final InputSplit split;
    private final Iterator<InputRow> rows;
    private final RowCounts found;
    private Optional<InputRow.Accepted> ahead = Optional.empty();
    private boolean reported;

    Summaries(InputSplit split, Iterator<InputRow> rows) {
      this.split = split;
      this.rows = rows;
      this.found = new RowCounts(split.number());
    }

    @Override
    public boolean hasNext() {
      while (ahead.isEmpty() && rows.hasNext()) {
        InputRow row = rows.next();
        found.add(row);
        if (row instanceof InputRow.Accepted accepted) {
          ahead = Optional.of(accepted);
        }
      }
      if (ahead.isEmpty() && !reported) {
        counts.add(found);
        reported = true;
      }
      return ahead.isPresent();
    }

    @Override
    public Tuple2<GroupKey, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InputRow.Accepted accepted = ahead.orElseThrow();
      ahead = Optional.empty();
      ShardRow row = accepted.row();
      return new Tuple2<>(
          new GroupKey(
              GroupKey.ordered(row.id()),
              split.set().ordinal(),
              split.number(),
              accepted.place().index()),
          RowStatus.of(row.digest(), closeness.isNear(split.set(), row)));
    }
  }
}
