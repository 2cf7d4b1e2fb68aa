package org.lethe.corpus.input;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.lethe.corpus.input.InputRow.Place;
import org.lethe.error.CorpusErrors;
import org.lethe.error.LetheException;

/** Reads, checks and encodes the rows of splits, with one row in memory at a time. */
public final class ReadTask implements FlatMapFunction<Iterator<InputSplit>, InputRow> {
  private final FieldNames names;
  private final RowFilter filter;
  private final int maxLength;
  private final RowEncoder.Source encoder;
  private final Broadcast<SerializableConfiguration> configuration;

  public ReadTask(
      FieldNames names,
      RowFilter filter,
      int maxLength,
      RowEncoder.Source encoder,
      Broadcast<SerializableConfiguration> configuration) {
    this.names = names;
    this.filter = filter;
    this.maxLength = maxLength;
    this.encoder = encoder;
    this.configuration = configuration;
  }

  @Override
  public Iterator<InputRow> call(Iterator<InputSplit> splits) {
    return read(splits, index -> true);
  }

  /**
   * Returns some rows of a split. Skips the others without parsing them, where the format allows
   * it.
   *
   * @param wanted whether to return a row, by the number of rows before it in the split
   */
  public Iterator<InputRow> read(InputSplit split, IntPredicate wanted) {
    return read(List.of(split).iterator(), wanted);
  }

  private Iterator<InputRow> read(Iterator<InputSplit> splits, IntPredicate wanted) {
    Configuration hadoop = configuration.value().value();
    Rows rows =
        new Rows(splits, new RowMaker(names, filter, encoder.open(hadoop), maxLength), wanted);
    TaskContext.get()
        .addTaskCompletionListener(
            new TaskCompletionListener() {
              @Override
              public void onTaskCompletion(TaskContext context) {
                rows.close();
              }
            });
    return rows;
  }

  /** The rows of all splits, one split after another. */
  private final class Rows implements Iterator<InputRow> {
    private final Iterator<InputSplit> splits;
    private final RowMaker maker;
    private final IntPredicate wanted;
    private Optional<SplitReader> open = Optional.empty();
    private Optional<InputRow> ahead = Optional.empty();

    Rows(Iterator<InputSplit> splits, RowMaker maker, IntPredicate wanted) {
      this.splits = splits;
      this.maker = maker;
      this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
      while (ahead.isEmpty()) {
        if (open.isEmpty()) {
          if (!splits.hasNext()) {
            return false;
          }
          open = Optional.of(open(splits.next()));
        }
        ahead = open.get().next();
        if (ahead.isEmpty()) {
          close();
        }
      }
      return true;
    }

    private SplitReader open(InputSplit split) {
      Configuration hadoop = configuration.value().value();
      RowMaker ofFile = maker.in(split.columns());
      return switch (split.format()) {
        case JSON_LINES, PACKED_LINES ->
            new JsonLinesRows(split, new JsonLinesInput(split, hadoop), ofFile, wanted);
        case JSON_ARRAY ->
            new JsonArrayRows(split, new JsonArrayInput(split, hadoop), ofFile, wanted);
        case PARQUET ->
            new ParquetRows(split, new ParquetInput(split, names, filter, hadoop), ofFile, wanted);
      };
    }

    @Override
    public InputRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InputRow row = ahead.get();
      ahead = Optional.empty();
      return row;
    }

    void close() {
      open.ifPresent(SplitReader::close);
      open = Optional.empty();
    }
  }

  /** Counts the rows of a split, and keeps text out of exceptions. */
  private abstract static class SplitReader {
    final InputSplit split;
    private final IntPredicate wanted;
    private int index;

    SplitReader(InputSplit split, IntPredicate wanted) {
      this.split = split;
      this.wanted = wanted;
    }

    /** Returns true if the next row is not wanted, and counts it. */
    final boolean skips() {
      if (wanted.test(index)) {
        return false;
      }
      index++;
      return true;
    }

    final Optional<InputRow> next() {
      try {
        return read();
      } catch (LetheException e) {
        throw e;
      } catch (RuntimeException e) {
        // Spark logs exceptions of tasks, and a parser's message may quote the row.
        throw CorpusErrors.defectInRow(split.path(), line(), e);
      }
    }

    final Place place() {
      return new Place(split.number(), index++, split.file(), line());
    }

    abstract Optional<InputRow> read();

    abstract long line();

    abstract void close();
  }

  private static final class JsonLinesRows extends SplitReader {
    private final JsonLinesInput input;
    private final JsonRecords records;

    JsonLinesRows(InputSplit split, JsonLinesInput input, RowMaker maker, IntPredicate wanted) {
      super(split, wanted);
      this.input = input;
      this.records = new JsonRecords(maker);
    }

    @Override
    Optional<InputRow> read() {
      do {
        if (!input.next()) {
          return Optional.empty();
        }
      } while (skips());
      return Optional.of(
          input.isTooLong()
              ? JsonRecords.rejected(place(), Defect.LINE_TOO_LONG, input.bytes())
              : records.parse(place(), input.bytes()));
    }

    @Override
    long line() {
      return input.line();
    }

    @Override
    void close() {
      closeQuietly(input);
    }
  }

  private static final class JsonArrayRows extends SplitReader {
    private final JsonArrayInput input;
    private final JsonRecords records;

    JsonArrayRows(InputSplit split, JsonArrayInput input, RowMaker maker, IntPredicate wanted) {
      super(split, wanted);
      this.input = input;
      this.records = new JsonRecords(maker);
    }

    @Override
    Optional<InputRow> read() {
      Optional<JsonArrayInput.Element> element = input.next();
      while (element.isPresent() && skips()) {
        element = input.next();
      }
      return element.map(found -> records.make(place(), found));
    }

    @Override
    long line() {
      return input.line();
    }

    @Override
    void close() {
      closeQuietly(input);
    }
  }

  private static final class ParquetRows extends SplitReader {
    private final ParquetInput input;
    private final RowMaker maker;

    ParquetRows(InputSplit split, ParquetInput input, RowMaker maker, IntPredicate wanted) {
      super(split, wanted);
      this.input = input;
      this.maker = maker;
    }

    @Override
    Optional<InputRow> read() {
      Optional<Fields> fields = input.next();
      while (fields.isPresent() && skips()) {
        fields = input.next();
      }
      return fields.map(found -> maker.make(place(), found, () -> ParquetInput.raw(found)));
    }

    @Override
    long line() {
      return input.row();
    }

    @Override
    void close() {
      closeQuietly(input);
    }
  }

  private static void closeQuietly(java.io.Closeable input) {
    try {
      input.close();
    } catch (IOException ignored) {
      // All rows have been read by now.
    }
  }
}
