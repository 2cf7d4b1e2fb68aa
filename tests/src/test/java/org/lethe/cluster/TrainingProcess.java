package org.lethe.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.run.PhaseHook;

/**
 * A driver in a process of its own, which the failure tests kill. Arguments: folder, and the phase
 * at which it kills itself with signal 9 and the how-manieth time, if any.
 */
public final class TrainingProcess {
  private TrainingProcess() {}

  /** Trains the plan of {@link TrainingFixture} in the folder. */
  public static void main(String[] arguments) {
    if (arguments.length > 1) {
      killAt(arguments[1], Integer.parseInt(arguments[2]));
    }
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate()
                .sparkContext())) {
      Training.run(
          spark,
          TrainingFixture.plan(Path.of(arguments[0]), TrainingFixture.BLUR),
          TrainingListener.NONE);
    }
  }

  private static void killAt(String wanted, int time) {
    AtomicInteger left = new AtomicInteger(time);
    PhaseHook.install(
        phase -> {
          if (phase.equals(wanted) && left.decrementAndGet() == 0) {
            killThisProcess();
          }
        });
  }

  static void killThisProcess() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
