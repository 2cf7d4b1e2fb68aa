package org.lethe.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.text.Example;

/** Writes shard files of random tokens, for tests that need no text. */
public final class ShardFixture {
  private ShardFixture() {}

  /**
   * Returns examples with ids {@code name-0, name-1, ...} of 6 to 12 tokens below the vocabulary
   * size.
   */
  public static List<Example> examples(String name, int count, int vocabulary) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(name.hashCode() * 31L + i);
      int[] tokens = random.ints(6 + random.nextInt(7), 1, vocabulary).toArray();
      examples.add(new Example(name + "-" + i, tokens, 2 + random.nextInt(2)));
    }
    return examples;
  }

  /** Writes a shard file and returns its URI. */
  public static String write(Path file, List<Example> examples) {
    List<Row> rows = new ArrayList<>();
    for (Example example : examples) {
      rows.add(
          ShardReader.toRow(
              new ShardRow(
                  example.id(), "", "", "", example.tokens(), example.promptTokens(), "")));
    }
    RowFiles.write(
        ShardReader.SCHEMA,
        rows.iterator(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        new Configuration());
    return file.toUri().toString();
  }
}
