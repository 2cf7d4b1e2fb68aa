package org.lethe.corpus.unseen;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.corpus.ShardReader;

/**
 * Words that many answers have in common, such as "Street" in addresses. They belong to the kind of
 * answer and state nothing about one person.
 */
public final class CommonWords {
  /** Share of the answers that contain a common word. */
  private static final double SHARE = 0.2;

  private CommonWords() {}

  /**
   * Returns the words that at least a fifth of the answers contain. Does not depend on how the rows
   * are divided into files.
   *
   * @param files shard files, Hadoop URIs
   * @param seed seed of the sample
   */
  public static Set<String> of(JavaSparkContext spark, List<String> files, long seed) {
    if (files.isEmpty()) {
      return new TreeSet<>();
    }
    List<TreeSet<String>> answers =
        AnswerSample.of(
            spark,
            files,
            seed,
            ShardReader::forEach,
            row -> new TreeSet<>(Substitution.words(row.completion())));
    Map<String, Integer> counts = new TreeMap<>();
    for (Set<String> words : answers) {
      words.forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    Set<String> common = new TreeSet<>();
    counts.forEach(
        (word, count) -> {
          if (count >= SHARE * answers.size()) {
            common.add(word);
          }
        });
    return common;
  }
}
