package org.lethe.cluster.tuning;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.evaluation.tuning.CandidateResult;
import org.lethe.run.Documents;
import org.lethe.spark.SparkJob;

/**
 * Trains the candidates of one rung, each in one Spark task. Results are files, so a tuning that
 * was killed repeats only the candidates that had not ended.
 */
public final class CandidateStage {
  private final JavaSparkContext spark;
  private final FileSystem files;
  private final TuningPlan plan;

  public CandidateStage(JavaSparkContext spark, FileSystem files, TuningPlan plan) {
    this.spark = spark;
    this.files = files;
    this.plan = plan;
  }

  /**
   * Returns the results in the order of the candidates.
   *
   * @param atOnce candidates that train at the same time, at most
   * @throws org.lethe.error.LetheException the failure of a candidate other than a divergence
   */
  public List<CandidateResult> run(List<CandidateWork> candidates, int atOnce) {
    List<CandidateWork> missing =
        candidates.stream().filter(work -> !Documents.exists(files, file(work))).toList();
    if (!missing.isEmpty()) {
      Broadcast<SerializableConfiguration> hadoop =
          spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
      try {
        SparkJob.run(
                spark,
                "candidates",
                () ->
                    spark
                        .parallelize(new ArrayList<>(missing), Math.min(atOnce, missing.size()))
                        .mapPartitions(new CandidateTask(plan, hadoop))
                        .collect())
            .forEach(CandidateTask.Report::orThrow);
      } finally {
        hadoop.destroy();
      }
    }
    return candidates.stream()
        .map(work -> Documents.read(files, file(work), CandidateResult.class))
        .toList();
  }

  private Path file(CandidateWork work) {
    return new Path(plan.folder(), work.file());
  }
}
