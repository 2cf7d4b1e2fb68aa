package org.lethe.cluster.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.ChildProcess;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.TinyDecoder;
import org.lethe.model.Decoder;
import org.lethe.run.KillSwitch;

/**
 * A driver in a separate process. Arguments: folder, Spark master, {@link Moments} and, optionally,
 * a phase and a count. The driver (on a local master) or an executor (on a local cluster) kills
 * itself with signal 9 when it reaches that phase for the given time.
 */
public final class TrainingProcess {
  /** In place of the moments: the plan of {@link MonitorFixture}. */
  static final String MONITORED = "MONITORED";

  /** In place of the moments: {@link TrainingFixture#FOLDED}. */
  static final String FOLDED = "FOLDED";

  /** In place of the moments: {@link TrainingFixture#SCORED}. */
  static final String SCORED = "SCORED";

  private TrainingProcess() {}

  /** Trains the plan of {@link TrainingFixture} in the folder. */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    String master = arguments[1];
    TrainingPlan plan =
        switch (arguments[2]) {
          case MONITORED -> MonitorFixture.plan(folder);
          case FOLDED -> TrainingFixture.plan(folder, TrainingFixture.FOLDED);
          case SCORED -> TrainingFixture.plan(folder, TrainingFixture.SCORED);
          default ->
              TrainingFixture.plan(
                  folder, TrainingFixture.BLUR.with(Moments.valueOf(arguments[2])));
        };
    if (arguments.length > 3 && master.startsWith("local-cluster")) {
      DecoderSource model =
          new KillingDecoder(
              folder.resolve("killed").toString(), arguments[3], Integer.parseInt(arguments[4]));
      plan = new TrainingPlan(model, plan.shards(), plan.settings(), plan.directory());
    } else if (arguments.length > 3) {
      KillSwitch.arm(arguments[3], Integer.parseInt(arguments[4]));
    }
    train(plan, master, Map.of());
  }

  /** Trains a plan on a Spark master with further settings of Spark. */
  static void train(TrainingPlan plan, String master, Map<String, String> settings) {
    SparkSession.Builder builder = SparkSession.builder();
    settings.forEach(builder::config);
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            builder
                .master(master)
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config(
                    "spark.executor.extraJavaOptions",
                    "-Dorg.bytedeco.javacpp.maxphysicalbytes=0 "
                        + String.join(" ", ChildProcess.SHORT_LIVED))
                .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                .getOrCreate()
                .sparkContext())) {
      Training.run(spark, plan, TrainingListener.NONE);
    }
  }

  /**
   * The tiny decoder. The first executor that loads it kills itself later.
   *
   * @param marker file that this executor creates
   * @param phase phase of the kill
   * @param time number of the visit to the phase at which it happens
   */
  record KillingDecoder(String marker, String phase, int time) implements DecoderSource {
    @Override
    public Decoder load(Configuration hadoop) {
      if (!SparkEnv.get().executorId().equals("driver") && isFirst()) {
        KillSwitch.arm(phase, time);
      }
      return TinyDecoder.FLOAT.load(hadoop);
    }

    private boolean isFirst() {
      try {
        Files.createFile(Path.of(marker));
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String identity() {
      return TinyDecoder.FLOAT.identity();
    }
  }
}
