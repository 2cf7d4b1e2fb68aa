package org.lethe.corpus.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.lethe.error.CorpusErrors;
import org.lethe.error.RunErrors;
import org.lethe.run.Documents;
import org.lethe.spark.TaskLease;
import org.lethe.store.FileSystems;
import org.lethe.store.Publisher;

/**
 * Reads and writes files of {@link Row}s: Parquet, Zstandard, one file, no Spark.
 *
 * <p>The same rows give the same bytes: the file contains no time, host or process.
 */
public final class RowFiles {
  private static final int ROW_GROUP_BYTES = 16 << 20;
  private static final int LARGEST_FOOTER_BYTES = 4 << 20;

  private RowFiles() {}

  /** Publishes the rows as a file, so that a file with the target's name is always complete. */
  public static void write(
      RowSchema schema, Iterator<Row> rows, Path target, Configuration configuration) {
    try {
      Publisher.of(FileSystems.of(target, configuration), target)
          .file(
              target,
              out -> {
                writeAll(schema, rows, new StreamOutputFile(out), configuration);
                TaskLease.confirm(target, configuration);
              });
    } catch (IOException | FSError e) {
      // Hadoop throws failures of a local disk, such as a full disk, as an Error.
      throw RunErrors.io("writing", target.toString(), Documents.asIo(e));
    }
  }

  private static void writeAll(
      RowSchema schema, Iterator<Row> rows, OutputFile file, Configuration configuration)
      throws IOException {
    OutputFile output = new RepeatableOutputFile(file, LARGEST_FOOTER_BYTES);
    try (ParquetWriter<Row> writer =
        new RowParquet.Builder(output, schema)
            .withConf(configuration)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      while (rows.hasNext()) {
        writer.write(rows.next());
      }
    }
  }

  /** Reads all rows of a file, in order. */
  public static List<Row> read(RowSchema schema, Path file, Configuration configuration) {
    return read(schema, file, configuration, row -> row);
  }

  /** Reads all rows of a file as values, in order. */
  public static <T> List<T> read(
      RowSchema schema, Path file, Configuration configuration, Function<Row, T> parse) {
    List<T> values = new ArrayList<>();
    forEach(schema, file, configuration, row -> values.add(parse.apply(row)));
    return values;
  }

  /**
   * A part of a file that can be read on its own.
   *
   * @param start first byte
   * @param bytes number of bytes
   * @param rows number of rows
   */
  public record RowGroup(long start, long bytes, int rows) {}

  /** Returns the row groups of a file, in order. Reads the end of the file only. */
  public static List<RowGroup> groups(Path file, Configuration configuration) {
    try (ParquetFileReader reader = ParquetFileReader.open(StoredFile.at(file, configuration))) {
      return reader.getRowGroups().stream()
          .map(
              block ->
                  new RowGroup(
                      block.getStartingPos(),
                      block.getCompressedSize(),
                      Math.toIntExact(block.getRowCount())))
          .toList();
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(file.toString(), e);
    } catch (RuntimeException e) {
      throw known(e, file);
    }
  }

  /** Reads the rows of one row group as values, in order. */
  public static <T> List<T> read(
      RowSchema schema,
      Path file,
      RowGroup group,
      Configuration configuration,
      Function<Row, T> parse) {
    List<T> values = new ArrayList<>();
    forEach(
        reader(schema, file, configuration)
            .withFileRange(group.start(), group.start() + group.bytes()),
        file,
        row -> values.add(parse.apply(row)));
    return values;
  }

  /** Passes each row of a file to the consumer, in order, with one row in memory at a time. */
  public static void forEach(
      RowSchema schema, Path file, Configuration configuration, Consumer<Row> consumer) {
    forEach(reader(schema, file, configuration), file, consumer);
  }

  private static ParquetReader.Builder<Row> reader(
      RowSchema schema, Path file, Configuration configuration) {
    try {
      return new RowParquet.ReaderBuilder(StoredFile.at(file, configuration), schema)
          .withConf(configuration);
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(file.toString(), e);
    }
  }

  private static void forEach(
      ParquetReader.Builder<Row> builder, Path file, Consumer<Row> consumer) {
    try (ParquetReader<Row> reader = builder.build()) {
      for (Row row = reader.read(); row != null; row = reader.read()) {
        consumer.accept(row);
      }
    } catch (IOException | RowParquet.SchemaMismatchException e) {
      throw CorpusErrors.cannotRead(file.toString(), e);
    } catch (RuntimeException e) {
      throw known(e, file);
    }
  }

  /** parquet-hadoop throws a plain RuntimeException for a file that is truncated or not Parquet. */
  private static RuntimeException known(RuntimeException e, Path file) {
    return e.getClass().getName().startsWith("org.apache.parquet")
            || e.getClass() == RuntimeException.class
        ? CorpusErrors.cannotRead(file.toString(), e)
        : e;
  }
}
