package org.lethe.jobs.stage;

import java.time.Instant;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.console.Progress;
import org.lethe.jobs.console.Terminal;
import org.lethe.run.RunDirectory;
import org.lethe.run.Stages;
import org.lethe.tensor.NativeBackend;

/**
 * What a command works with once it holds its run directory.
 *
 * @param terminal for lines and progress
 * @param configuration with all substitutions resolved
 * @param directory the run directory, locked
 * @param runId of the run
 * @param requestId of the erasure request, or empty
 * @param session Spark with SQL
 * @param spark the same session without SQL
 * @param backend that ND4J loaded in the driver
 * @param started start time of the command
 */
public record JobContext(
    Terminal terminal,
    Configuration configuration,
    RunDirectory directory,
    String runId,
    String requestId,
    SparkSession session,
    JavaSparkContext spark,
    NativeBackend backend,
    Instant started) {

  /** The manifests of this run's stages. */
  public Stages stages() {
    return new Stages(directory, runId, Versions.all());
  }

  /** The same run in another directory, such as the training of a target. */
  public JobContext in(RunDirectory other) {
    return new JobContext(
        terminal, configuration, other, runId, requestId, session, spark, backend, started);
  }

  /** The same run with another configuration. */
  public JobContext with(Configuration other) {
    return new JobContext(
        terminal, other, directory, runId, requestId, session, spark, backend, started);
  }

  /** The same run for one of its requests. */
  JobContext of(String request) {
    return new JobContext(
        terminal, configuration, directory, runId, request, session, spark, backend, started);
  }

  /** Starts the progress line of a stage. */
  public Progress progress(String stage) {
    return new Progress(terminal, stage);
  }
}
