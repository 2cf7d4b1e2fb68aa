package org.lethe.corpus.shard;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import scala.Tuple2;

/** Reads a split again and returns its malformed rows and those whose id is taken. */
final class UnusableRows
    implements FlatMapFunction2<
        Iterator<InputSplit>, Iterator<Tuple2<Integer, long[]>>, Tuple2<GroupKey, InputRow>> {
  private static final long serialVersionUID = 1;

  private final ReadTask reader;
  private final Set<Integer> malformed;

  /**
   * @param malformed splits with malformed rows
   */
  UnusableRows(ReadTask reader, Set<Integer> malformed) {
    this.reader = reader;
    this.malformed = malformed;
  }

  @Override
  public Iterator<Tuple2<GroupKey, InputRow>> call(
      Iterator<InputSplit> splits, Iterator<Tuple2<Integer, long[]>> idTaken) {
    long[] taken = BySplit.sorted(idTaken);
    if (!splits.hasNext()) {
      return Collections.emptyIterator();
    }
    InputSplit split = splits.next();
    if (taken.length == 0 && !malformed.contains(split.number())) {
      return Collections.emptyIterator();
    }
    return new Unusable(split, taken, reader.read(split, index -> true));
  }

  private static final class Unusable implements Iterator<Tuple2<GroupKey, InputRow>> {
    private final InputSplit split;
    private final long[] taken;
    private final Iterator<InputRow> rows;
    private Optional<InputRow> ahead = Optional.empty();

    Unusable(InputSplit split, long[] taken, Iterator<InputRow> rows) {
      this.split = split;
      this.taken = taken;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      while (ahead.isEmpty() && rows.hasNext()) {
        InputRow row = rows.next();
        if (row instanceof InputRow.Rejected
            || row instanceof InputRow.Accepted
                && Arrays.binarySearch(taken, row.place().index()) >= 0) {
          ahead = Optional.of(row);
        }
      }
      return ahead.isPresent();
    }

    @Override
    public Tuple2<GroupKey, InputRow> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InputRow row = ahead.orElseThrow();
      ahead = Optional.empty();
      GroupKey key =
          new GroupKey(new byte[0], split.set().ordinal(), split.number(), row.place().index());
      return new Tuple2<>(key, row);
    }
  }
}
