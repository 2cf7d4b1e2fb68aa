package org.lethe.cluster.monitor;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.transport.SentState;
import org.lethe.compute.FlatVector;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.ReadingFigures;
import org.lethe.evaluation.monitor.RowScore;
import org.lethe.evaluation.monitor.StopSettings;

/** Reads a model on fixed samples, on Spark. Any number of workers gives the same reading. */
public final class Monitor {
  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final DecoderSource source;
  private final StopSettings settings;
  private final MonitorFiles files;
  private final int roundRows;
  private final int workers;

  /**
   * A monitor of one training.
   *
   * @param source the model that is trained
   * @param plan rules and files of unseen rows
   * @param forget shard files of the forget rows
   * @param retain shard files of the retain rows
   * @param roundRows most rows of each set after a round
   * @param workers Spark tasks
   */
  public Monitor(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop,
      DecoderSource source,
      MonitorPlan plan,
      List<String> forget,
      List<String> retain,
      int roundRows,
      int workers) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.source = source;
    this.settings = plan.stop();
    this.roundRows = Math.min(roundRows, settings.decisionRows());
    this.workers = workers;
    files = MonitorFiles.of(plan, forget, retain);
  }

  /**
   * Reads the model with some parameters.
   *
   * @param round completed rounds; 0 for the initial parameters
   * @param position place on the line from an earlier checkpoint, 1 for the round itself
   * @throws org.lethe.error.LetheException DIVERGED if a loss is not finite; INPUT if a set has no
   *     rows
   */
  public MonitorReading read(
      FlatVector parameters, int round, double position, MonitorSample sample) {
    RowSample rows =
        new RowSample(
            files,
            sample == MonitorSample.ROUND ? roundRows : settings.decisionRows(),
            settings.seed());
    spark.setJobDescription("Lethe: monitor after round " + round);
    try (SentState state = SentState.of(spark, List.of(parameters))) {
      List<RowScore> scores =
          spark
              .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
              .mapPartitions(
                  new MonitorTask(
                      source, rows, settings.marginLevel(), workers, state, round == 0, hadoop))
              .collect()
              .stream()
              .flatMap(report -> report.orThrow().stream())
              .toList();
      return new ReadingFigures(scores, settings.seed()).reading(round, position, sample);
    }
  }
}
