package org.lethe.corpus.find;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.InputSplit;
import org.lethe.corpus.input.ReadTask;
import org.lethe.corpus.input.ShardRow;
import org.lethe.reveal.Words;
import org.lethe.reveal.filter.MinHash;

/** Searches the rows of a split. Reports counts through an accumulator, once per split. */
final class FindTask implements FlatMapFunction<Iterator<InputSplit>, FoundRow> {
  private static final long serialVersionUID = 1;

  /** Words of a sequence in the comparison of near duplicates. */
  static final int GRAM = 5;

  /**
   * What to find.
   *
   * @param given hashed word sequences of the given rows
   */
  record Query(List<Subject> subjects, List<long[]> given, double nearDuplicate)
      implements Serializable {}

  /** Number of rows of a split. A retried task reports the same counts again. */
  record Counts(int split, long read, long malformed) implements Serializable {}

  private final ReadTask reader;
  private final Broadcast<Query> query;
  private final CollectionAccumulator<Counts> counts;

  FindTask(ReadTask reader, Broadcast<Query> query, CollectionAccumulator<Counts> counts) {
    this.reader = reader;
    this.query = query;
    this.counts = counts;
  }

  /** Returns the hashed word sequences of a row. */
  static Set<Long> grams(ShardRow row) {
    return MinHash.grams(Words.of(row.prompt() + "\n" + row.completion()), GRAM);
  }

  @Override
  public Iterator<FoundRow> call(Iterator<InputSplit> splits) {
    if (!splits.hasNext()) {
      return Collections.emptyIterator();
    }
    InputSplit split = splits.next();
    return new Matches(split, reader.read(split, index -> true));
  }

  private final class Matches implements Iterator<FoundRow> {
    private final InputSplit split;
    private final Iterator<InputRow> rows;
    private final NameIndex names = new NameIndex(query.value().subjects());
    private final MinHash given = new MinHash(query.value().nearDuplicate());
    private long read;
    private long malformed;
    private Optional<FoundRow> ahead = Optional.empty();
    private boolean reported;

    Matches(InputSplit split, Iterator<InputRow> rows) {
      this.split = split;
      this.rows = rows;
      for (long[] grams : query.value().given()) {
        given.add(Arrays.stream(grams).boxed().collect(Collectors.toSet()));
      }
    }

    @Override
    public boolean hasNext() {
      while (ahead.isEmpty() && rows.hasNext()) {
        InputRow row = rows.next();
        read++;
        if (row instanceof InputRow.Accepted accepted) {
          ahead = match(accepted);
        } else if (row instanceof InputRow.Rejected) {
          malformed++;
        }
      }
      if (ahead.isEmpty() && !reported) {
        counts.add(new Counts(split.number(), read, malformed));
        reported = true;
      }
      return ahead.isPresent();
    }

    private Optional<FoundRow> match(InputRow.Accepted accepted) {
      ShardRow row = accepted.row();
      Set<Integer> subjects =
          names.mentioned(row.id() + "\n" + row.prompt() + "\n" + row.completion());
      boolean near = !query.value().given().isEmpty() && given.isNear(grams(row));
      if (subjects.isEmpty() && !near) {
        return Optional.empty();
      }
      long place = (long) split.number() << Integer.SIZE | accepted.place().index();
      return Optional.of(new FoundRow(place, row, List.copyOf(subjects), near));
    }

    @Override
    public FoundRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      FoundRow row = ahead.orElseThrow();
      ahead = Optional.empty();
      return row;
    }
  }
}
