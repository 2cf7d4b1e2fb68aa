package org.lethe.cluster.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.AttackRows;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.ProgressListener;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.AttackSummary;
import org.lethe.evaluation.attack.MembershipScores;
import org.lethe.reveal.SeededRandom;
import org.lethe.run.Documents;
import org.lethe.spark.SparkJob;
import org.lethe.store.FileSystems;

/**
 * Attacks a model on Spark, like {@link EvaluationStage}: rows.parquet, then summary.json. Any
 * number of workers gives the same bytes.
 */
public final class AttackStage {
  private AttackStage() {}

  /**
   * The result.
   *
   * @param summary the figures
   * @param seconds time of the workers for each attack
   */
  public record Result(AttackSummary summary, SortedMap<String, Double> seconds) {}

  /**
   * Tries the attacks and writes the result.
   *
   * @param progress receives counts of units of work
   * @throws org.lethe.error.LetheException DIVERGED if the model gives NaN or an infinity
   */
  public static Result run(
      JavaSparkContext spark, AttackRequest request, ProgressListener progress) {
    Configuration hadoop = spark.hadoopConfiguration();
    long total = new AttackTask(request, hadoop).total();
    try {
      SortedMap<String, Double> seconds =
          SparkJob.run(spark, "attack the model", () -> runTasks(spark, request, total, progress));
      return new Result(collect(request, hadoop), seconds);
    } finally {
      Documents.delete(fileSystem(request, hadoop), AttackTask.parts(request));
    }
  }

  private static SortedMap<String, Double> runTasks(
      JavaSparkContext spark, AttackRequest request, long total, ProgressListener progress) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    LongAccumulator counter = spark.sc().longAccumulator("attacks");
    EvaluationProgress listener = new EvaluationProgress(counter, total, progress);
    List<Integer> workers = IntStream.range(0, request.workers()).boxed().toList();
    spark.sc().addSparkListener(listener);
    try {
      List<AttackTask.Report> reports =
          spark
              .parallelize(workers, request.workers())
              .map(
                  worker ->
                      new AttackTask(request, configuration.value()).run(worker, counter::add))
              .collect();
      reports.forEach(AttackTask.Report::orThrow);
      listener.finish();
      SortedMap<String, Double> seconds = new TreeMap<>();
      reports.forEach(
          report ->
              report.seconds().forEach((key, value) -> seconds.merge(key, value, Double::sum)));
      return seconds;
    } finally {
      spark.sc().removeSparkListener(listener);
    }
  }

  private static AttackSummary collect(AttackRequest request, Configuration hadoop) {
    List<AttackRow> rows = new ArrayList<>();
    for (int worker = 0; worker < request.workers(); worker++) {
      rows.addAll(AttackRows.read(AttackTask.part(request, worker), hadoop));
    }
    if (request.settings().attacks().contains(MembershipScores.KEY)) {
      rows.addAll(membership(request, hadoop));
    }
    Path folder = new Path(request.folder());
    AttackRows.write(rows, new Path(folder, EvaluationStage.ROWS), hadoop);
    AttackSummary summary =
        AttackSummary.of(
            rows,
            request.settings().seed(),
            request.rows(),
            request.plannedShare(),
            request.settings().referenceArea());
    Documents.write(
        fileSystem(request, hadoop), new Path(folder, EvaluationStage.SUMMARY), summary.toJson());
    return summary;
  }

  /** The scores of evaluated rows: of each set those with the smallest hashes of seed and id. */
  private static List<AttackRow> membership(AttackRequest request, Configuration hadoop) {
    SortedMap<String, List<EvaluationRow>> bySet = new TreeMap<>();
    for (String file : request.evaluated()) {
      EvaluationRows.read(new Path(file), hadoop)
          .forEach(row -> bySet.computeIfAbsent(row.set(), s -> new ArrayList<>()).add(row));
    }
    long seed = request.settings().seed();
    return bySet.values().stream()
        .flatMap(
            rows ->
                rows.stream()
                    .sorted(
                        Comparator.comparingLong(
                                (EvaluationRow row) -> SeededRandom.mix(seed, row.id()))
                            .thenComparing(EvaluationRow::id))
                    .limit(MembershipScores.MOST_ROWS))
        .map(MembershipScores::row)
        .toList();
  }

  private static FileSystem fileSystem(AttackRequest request, Configuration hadoop) {
    try {
      return FileSystems.of(new Path(request.folder()), hadoop);
    } catch (IOException e) {
      throw RunErrors.io("opening", request.folder(), e);
    }
  }
}
