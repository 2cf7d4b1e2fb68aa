package org.lethe.corpus.unseen;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.ShardRow;
import org.lethe.reveal.SeededRandom;

/**
 * The same few answers of a corpus, however its rows are divided into files: those with the
 * smallest hashes of seed and id.
 */
final class AnswerSample {
  private static final int ROWS = 1000;

  private AnswerSample() {}

  /** Reads the rows of a shard file that may be in the sample. */
  interface Source extends Serializable {
    void forEach(Path file, Configuration hadoop, Consumer<ShardRow> rows);
  }

  /** What is kept of a row. */
  interface Content<T extends Serializable> extends Serializable {
    T of(ShardRow row);
  }

  private record Answer<T extends Serializable>(long hash, String id, T content)
      implements Serializable {
    static <T extends Serializable> Comparator<Answer<T>> order() {
      return Comparator.<Answer<T>>comparingLong(Answer::hash).thenComparing(Answer::id);
    }
  }

  /**
   * Returns what is kept of the sampled rows, in order of their hashes. One task reads one file and
   * holds no more rows than the sample has.
   *
   * @param files shard files, Hadoop URIs
   */
  static <T extends Serializable> List<T> of(
      JavaSparkContext spark, List<String> files, long seed, Source source, Content<T> content) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    return spark
        .parallelize(files, files.size())
        .flatMap(file -> answers(file, hadoop.value(), seed, source, content).iterator())
        .collect()
        .stream()
        .sorted(Answer.order())
        .limit(ROWS)
        .map(Answer::content)
        .toList();
  }

  private static <T extends Serializable> List<Answer<T>> answers(
      String file, Configuration hadoop, long seed, Source source, Content<T> content) {
    PriorityQueue<Answer<T>> kept = new PriorityQueue<>(Answer.<T>order().reversed());
    source.forEach(
        new Path(file),
        hadoop,
        row -> {
          kept.add(new Answer<>(SeededRandom.mix(seed, row.id()), row.id(), content.of(row)));
          if (kept.size() > ROWS) {
            kept.remove();
          }
        });
    return new ArrayList<>(kept);
  }
}
