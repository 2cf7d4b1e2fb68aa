package org.lethe.corpus;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.text.Example;

/** Reads and writes shard files, as the shard stage does. Needs no Spark session. */
public final class ShardReader {
  /** The columns of a shard file. data-schemas/shard-row.schema.json has the same ones. */
  public static final RowSchema SCHEMA =
      RowSchema.of(
          "shard_row",
          Column.string("id"),
          Column.string("task"),
          Column.string("prompt"),
          Column.string("completion"),
          Column.integers("tokens"),
          Column.integer("prompt_tokens"),
          Column.string("digest"));

  /** The columns that training needs. */
  private static final RowSchema EXAMPLE =
      RowSchema.of(
          "shard_row",
          Column.string("id"),
          Column.integers("tokens"),
          Column.integer("prompt_tokens"));

  /** The columns that say which row it is. */
  private static final RowSchema IDENTITY =
      RowSchema.of(
          "shard_row", Column.string("id"), Column.string("task"), Column.string("digest"));

  private ShardReader() {}

  /**
   * Says which row it is, without its texts.
   *
   * @param id the row id, safe to log
   * @param task the category from the input, empty if none
   * @param digest SHA-256 of the normalised prompt and completion
   */
  public record Identity(String id, String task, String digest) {}

  /** Passes the identity of each row of a shard file to the consumer. Reads no text. */
  public static void forEachIdentity(
      Path file, Configuration configuration, Consumer<Identity> consumer) {
    RowFiles.forEach(
        IDENTITY,
        file,
        configuration,
        row ->
            consumer.accept(
                new Identity(row.string("id"), row.string("task"), row.string("digest"))));
  }

  /** Returns the examples of one row group of a shard file, in order. Reads no text. */
  public static List<Example> examples(
      Path file, RowFiles.RowGroup group, Configuration configuration) {
    return RowFiles.read(
        EXAMPLE,
        file,
        group,
        configuration,
        row ->
            new Example(
                row.string("id"),
                row.integers("tokens"),
                Math.toIntExact(row.integer("prompt_tokens"))));
  }

  /**
   * Returns the rows of one shard file, in order.
   *
   * @throws org.lethe.error.LetheException INPUT if the file is missing, truncated or has another
   *     schema
   */
  public static List<ShardRow> read(URI file, Configuration configuration) {
    return read(new Path(file), configuration);
  }

  /** Same as {@link #read(URI, Configuration)}. */
  public static List<ShardRow> read(Path file, Configuration configuration) {
    return RowFiles.read(SCHEMA, file, configuration, ShardReader::fromRow);
  }

  /**
   * Passes each row of a shard file to the consumer, in order, with one row in memory at a time.
   */
  public static void forEach(Path file, Configuration configuration, Consumer<ShardRow> consumer) {
    RowFiles.forEach(SCHEMA, file, configuration, row -> consumer.accept(fromRow(row)));
  }

  /** Returns the rows of the first row group of a shard file, in order. */
  public static List<ShardRow> first(Path file, Configuration configuration) {
    List<RowFiles.RowGroup> groups = RowFiles.groups(file, configuration);
    return groups.isEmpty()
        ? List.of()
        : RowFiles.read(SCHEMA, file, groups.get(0), configuration, ShardReader::fromRow);
  }

  /** Writes rows as a shard file, in the given order. */
  public static void write(List<ShardRow> rows, Path file, Configuration configuration) {
    RowFiles.write(SCHEMA, rows.stream().map(ShardReader::toRow).iterator(), file, configuration);
  }

  public static Row toRow(ShardRow row) {
    return SCHEMA.row(
        row.id(),
        row.task(),
        row.prompt(),
        row.completion(),
        row.tokens(),
        row.promptTokens(),
        row.digest());
  }

  private static ShardRow fromRow(Row row) {
    return new ShardRow(
        row.string("id"),
        row.string("task"),
        row.string("prompt"),
        row.string("completion"),
        row.integers("tokens"),
        Math.toIntExact(row.integer("prompt_tokens")),
        row.string("digest"));
  }
}
