package org.lethe.corpus.input;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
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
    Configuration hadoop = configuration.value().value();
    Rows rows = new Rows(splits, new RowMaker(names, filter, encoder.open(hadoop), maxLength));
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
    private Optional<SplitReader> open = Optional.empty();
    private Optional<InputRow> ahead = Optional.empty();

    Rows(Iterator<InputSplit> splits, RowMaker maker) {
      this.splits = splits;
      this.maker = maker;
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
      return switch (split.format()) {
        case JSON_LINES -> new JsonLinesRows(split, new JsonLinesInput(split, hadoop), maker);
        case PARQUET ->
            new ParquetRows(split, new ParquetInput(split, names, filter, hadoop), maker);
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
    private int index;

    SplitReader(InputSplit split) {
      this.split = split;
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

    JsonLinesRows(InputSplit split, JsonLinesInput input, RowMaker maker) {
      super(split);
      this.input = input;
      this.records = new JsonRecords(maker);
    }

    @Override
    Optional<InputRow> read() {
      if (!input.next()) {
        return Optional.empty();
      }
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

  private static final class ParquetRows extends SplitReader {
    private final ParquetInput input;
    private final RowMaker maker;

    ParquetRows(InputSplit split, ParquetInput input, RowMaker maker) {
      super(split);
      this.input = input;
      this.maker = maker;
    }

    @Override
    Optional<InputRow> read() {
      return input
          .next()
          .map(fields -> maker.make(place(), fields, () -> ParquetInput.raw(fields)));
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
