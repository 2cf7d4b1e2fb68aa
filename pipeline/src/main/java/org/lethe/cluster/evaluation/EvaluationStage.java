package org.lethe.cluster.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.evaluation.EvaluationTask.Report;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.EvaluationErrors;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationPlan;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Evaluator;
import org.lethe.evaluation.ProgressListener;
import org.lethe.run.Documents;
import org.lethe.spark.SparkJob;
import org.lethe.store.FileSystems;

/**
 * Evaluates a model on Spark. One task per worker writes its rows to a file beside the result; the
 * driver then writes rows.parquet and, last, summary.json. Any number of workers gives the same
 * bytes, see {@link EvaluationPlan}. A second run overwrites the result.
 */
public final class EvaluationStage {
  /** Name of the file of all rows with their texts: personal data. */
  public static final String ROWS = "rows.parquet";

  /** Name of the file of means, without text, see {@link EvaluationSummary#toJson}. */
  public static final String SUMMARY = "summary.json";

  private EvaluationStage() {}

  /**
   * Evaluates the model and writes the result.
   *
   * @param progress receives counts of rows, about every ten seconds and when a worker ends
   * @throws org.lethe.error.LetheException DIVERGED if the model gives NaN or an infinity; INPUT if
   *     there is nothing to evaluate or a shard cannot be read
   */
  public static EvaluationSummary run(
      JavaSparkContext spark, EvaluationRequest request, ProgressListener progress) {
    Configuration hadoop = spark.hadoopConfiguration();
    long total = new EvaluationTask(request, hadoop).plan().rows();
    if (total == 0) {
      throw EvaluationErrors.noRows(
          request.shards().values().stream().flatMap(List::stream).toList().toString());
    }
    progress.progressed(Evaluator.STAGE, 0, total);
    try {
      SparkJob.run(
          spark, "evaluate " + total + " rows", () -> runTasks(spark, request, total, progress));
      return collect(request, hadoop);
    } finally {
      Documents.delete(fileSystem(request, hadoop), EvaluationTask.parts(request));
    }
  }

  private static List<Report> runTasks(
      JavaSparkContext spark, EvaluationRequest request, long total, ProgressListener progress) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    LongAccumulator counter = spark.sc().longAccumulator("evaluated rows");
    EvaluationProgress listener = new EvaluationProgress(counter, total, progress);
    List<Integer> workers = IntStream.range(0, request.workers()).boxed().toList();
    spark.sc().addSparkListener(listener);
    try {
      List<Report> reports =
          spark
              .parallelize(workers, request.workers())
              .map(
                  worker ->
                      new EvaluationTask(request, configuration.value()).run(worker, counter::add))
              .collect();
      reports.forEach(Report::orThrow);
      listener.finish();
      return reports;
    } finally {
      spark.sc().removeSparkListener(listener);
    }
  }

  private static EvaluationSummary collect(EvaluationRequest request, Configuration hadoop) {
    List<EvaluationRow> rows = new ArrayList<>();
    for (int worker = 0; worker < request.workers(); worker++) {
      rows.addAll(EvaluationRows.read(EvaluationTask.part(request, worker), hadoop));
    }
    Path folder = new Path(request.folder());
    EvaluationRows.write(rows, new Path(folder, ROWS), hadoop);
    EvaluationSummary summary = EvaluationSummary.of(rows, request.settings().seed());
    Documents.write(fileSystem(request, hadoop), new Path(folder, SUMMARY), summary.toJson());
    return summary;
  }

  private static FileSystem fileSystem(EvaluationRequest request, Configuration hadoop) {
    try {
      return FileSystems.of(new Path(request.folder()), hadoop);
    } catch (IOException e) {
      throw RunErrors.io("opening", request.folder(), e);
    }
  }
}
