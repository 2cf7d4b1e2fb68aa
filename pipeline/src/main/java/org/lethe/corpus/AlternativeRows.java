package org.lethe.corpus;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.text.ExampleEncoder;

/**
 * Files of other answers to forget prompts. They have the columns of a shard; a row has the id,
 * task and prompt of the row that it is an alternative to, and several rows may have the same.
 */
public final class AlternativeRows {
  private AlternativeRows() {}

  /** The same prompt with another completion. */
  public static ShardRow of(
      ShardRow row, String completion, ExampleEncoder encoder, int maxLength) {
    var example = encoder.encode(row.id(), row.prompt(), completion, maxLength).example();
    return new ShardRow(
        row.id(),
        row.task(),
        row.prompt(),
        completion,
        example.tokens(),
        example.promptTokens(),
        PairDigest.of(row.prompt(), completion));
  }

  /** Whether two rows say the same, but for white space. */
  public static boolean sameText(ShardRow row, String completion) {
    return row.digest().equals(PairDigest.of(row.prompt(), completion));
  }

  /** Writes a file; {@link ShardReader} reads it. */
  public static void write(List<ShardRow> rows, Path file, Configuration configuration) {
    RowFiles.write(
        ShardReader.SCHEMA, rows.stream().map(ShardReader::toRow).iterator(), file, configuration);
  }
}
