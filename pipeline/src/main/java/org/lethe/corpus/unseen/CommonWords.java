package org.lethe.corpus.unseen;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.reveal.SeededRandom;

/**
 * Words that many answers have in common, such as "Street" in addresses. They belong to the kind of
 * answer and state nothing about one person.
 */
public final class CommonWords {
  /** Rows that are read: those with the smallest hashes of seed and id. */
  private static final int ROWS = 1000;

  /** Share of the answers that contain a common word. */
  private static final double SHARE = 0.2;

  private CommonWords() {}

  private record Answer(long hash, String id, TreeSet<String> words) implements Serializable {
    static final Comparator<Answer> ORDER =
        Comparator.comparingLong(Answer::hash).thenComparing(Answer::id);
  }

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
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<Answer> answers =
        spark
            .parallelize(files, files.size())
            .flatMap(file -> answers(file, seed, hadoop.value()).iterator())
            .collect()
            .stream()
            .sorted(Answer.ORDER)
            .limit(ROWS)
            .toList();
    Map<String, Integer> counts = new TreeMap<>();
    for (Answer answer : answers) {
      answer.words().forEach(word -> counts.merge(word, 1, Integer::sum));
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

  private static List<Answer> answers(String file, long seed, Configuration hadoop) {
    PriorityQueue<Answer> kept = new PriorityQueue<>(Answer.ORDER.reversed());
    ShardReader.forEach(new Path(file), hadoop, row -> add(kept, row, seed));
    return new ArrayList<>(kept);
  }

  private static void add(PriorityQueue<Answer> kept, ShardRow row, long seed) {
    kept.add(
        new Answer(
            SeededRandom.mix(seed, row.id()),
            row.id(),
            new TreeSet<>(Substitution.words(row.completion()))));
    if (kept.size() > ROWS) {
      kept.remove();
    }
  }
}
