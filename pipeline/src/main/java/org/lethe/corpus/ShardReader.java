package org.lethe.corpus;

import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;

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

  private ShardReader() {}

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
