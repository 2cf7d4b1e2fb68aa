package org.lethe.cluster.training;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.training.AlternativeSource.Substituted;
import org.lethe.corpus.unseen.CommonWords;
import org.lethe.spark.SparkJob;

/**
 * Writes alternative answers to forget prompts on Spark, for losses that prefer them. One task per
 * worker reads its forget shard and writes one file. The answers are text about the same people, so
 * they are personal data like the shards.
 */
public final class AlternativeStage {
  private AlternativeStage() {}

  /**
   * Counts of an alternatives stage.
   *
   * @param rows forget rows
   * @param answers alternatives to them
   * @param unchanged answers that still repeat the row after all tries
   */
  public record Totals(long rows, long answers, long unchanged) implements java.io.Serializable {
    Totals plus(Totals other) {
      return new Totals(rows + other.rows, answers + other.answers, unchanged + other.unchanged);
    }
  }

  /** File of a worker's alternatives. */
  public static String file(String folder, int worker) {
    return folder + String.format(Locale.ROOT, "/worker-%05d.parquet", worker);
  }

  /**
   * Computes and writes the alternatives. A second run overwrites the files with the same bytes.
   */
  public static Totals run(JavaSparkContext spark, AlternativeRequest request) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> workers = IntStream.range(0, request.forget().size()).boxed().toList();
    return SparkJob.run(
        spark,
        "alternative answers",
        () -> {
          Set<String> common =
              request.source() instanceof Substituted substituted
                  ? CommonWords.of(spark, request.retain(), substituted.seed())
                  : new TreeSet<>();
          return spark
              .parallelize(workers, workers.size())
              .map(worker -> new AlternativeTask(request, common, hadoop.value()).run(worker))
              .collect()
              .stream()
              .reduce(new Totals(0, 0, 0), Totals::plus);
        });
  }
}
