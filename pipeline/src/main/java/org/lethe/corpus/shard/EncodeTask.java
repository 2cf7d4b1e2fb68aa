package org.lethe.corpus.shard;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import scala.Tuple2;

/** Reads the chosen rows of a split again and encodes them. Skips the others without parsing. */
final class EncodeTask
    implements FlatMapFunction2<
        Iterator<InputSplit>, Iterator<Tuple2<Integer, long[]>>, EncodedRow> {
  private static final long serialVersionUID = 1;

  private final ReadTask reader;
  private final HashMap<Integer, String> forgetTasks;

  /**
   * @param forgetTasks task of the rows of each forget file by its index; empty if rows keep theirs
   */
  EncodeTask(ReadTask reader, Map<Integer, String> forgetTasks) {
    this.reader = reader;
    this.forgetTasks = new HashMap<>(forgetTasks);
  }

  @Override
  public Iterator<EncodedRow> call(
      Iterator<InputSplit> splits, Iterator<Tuple2<Integer, long[]>> indexes) {
    long[] chosen = BySplit.sorted(indexes);
    if (!splits.hasNext() || chosen.length == 0) {
      return Collections.emptyIterator();
    }
    InputSplit split = splits.next();
    Iterator<InputRow> rows = reader.read(split, index -> Arrays.binarySearch(chosen, index) >= 0);
    return new Iterator<>() {
      private Optional<EncodedRow> ahead = Optional.empty();

      @Override
      public boolean hasNext() {
        while (ahead.isEmpty() && rows.hasNext()) {
          if (rows.next() instanceof InputRow.Accepted accepted) {
            ahead = Optional.of(EncodedRow.of(split, accepted, task(split, accepted)));
          }
        }
        return ahead.isPresent();
      }

      @Override
      public EncodedRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        EncodedRow row = ahead.orElseThrow();
        ahead = Optional.empty();
        return row;
      }
    };
  }

  private String task(InputSplit split, InputRow.Accepted accepted) {
    String own = accepted.row().task();
    return split.set() == CorpusSet.FORGET ? forgetTasks.getOrDefault(split.file(), own) : own;
  }
}
