package org.lethe.corpus;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.PairDigest;
import org.lethe.corpus.input.ShardRow;
import org.lethe.text.ExampleEncoder;

/**
 * Files of alternative answers to forget prompts. They have the columns of a shard. Each row has
 * the id, task and prompt of the row that it replaces the answer of; several rows may share an id.
 */
public final class AlternativeRows {
  private AlternativeRows() {}

  /** Returns a row with the same prompt and another completion. */
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

  /** Whether a completion has the same text as the row's own, apart from white space. */
  public static boolean sameText(ShardRow row, String completion) {
    return row.digest().equals(PairDigest.of(row.prompt(), completion));
  }

  /** Writes a file that {@link ShardReader} can read. */
  public static void write(List<ShardRow> rows, Path file, Configuration configuration) {
    ShardReader.write(rows, file, configuration);
  }
}
