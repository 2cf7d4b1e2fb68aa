package org.lethe.jobs.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.lineage.Lineage;
import org.lethe.jobs.lineage.LineageRun;
import org.lethe.run.ResultDocument;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;
import org.lethe.spark.TaskLease;
import org.slf4j.LoggerFactory;

/** What one command holds while it works: Spark, the run directory and its lease. */
final class CommandRun implements AutoCloseable {
  private static final Duration BRIEFLY = Duration.ofMinutes(1);

  private final String command;
  private final Instant started;

  // A signal's thread reads them too.
  private volatile Optional<RunDirectory> directory = Optional.empty();
  private volatile Optional<Lease> lease = Optional.empty();
  private volatile String runId = "";
  private volatile String requestId = "";
  private volatile String intended = "";
  private volatile Map<String, String> settings = Map.of();
  private volatile Optional<Lineage> lineage = Optional.empty();
  private Optional<SparkSession> own = Optional.empty();
  private Optional<JavaSparkContext> sharing = Optional.empty();

  CommandRun(String command, Instant started) {
    this.command = command;
    this.started = started;
  }

  /**
   * Names the run directory before the command holds it, so that a failure can be explained there.
   *
   * @param sparkSettings of the user, for its file system
   */
  void intend(String runDirectory, Map<String, String> sparkSettings) {
    intended = runDirectory;
    settings = Map.copyOf(sparkSettings);
  }

  /** Watches for signals, which end the work. */
  Interruption interruption() {
    Failure signal = Failure.of(RunErrors.interrupted(), "", "");
    return new Interruption(
        SparkSessions::cancelJobs,
        () -> {
          try {
            finish(signal.exitClass(), Outcome.of(signal.message()));
          } finally {
            lease.ifPresent(Lease::abandon);
          }
        });
  }

  /** Starts Spark. */
  SparkSession start(ConfigurationReader reader, int workers) {
    runId = reader.required("lethe.run-id", "a name");
    requestId = reader.text("lethe.request-id").orElse("");
    boolean exists = SparkSession.getDefaultSession().isDefined();
    SparkSession session =
        SparkSessions.open(
            "lethe " + command,
            reader.text("lethe.spark.master").orElse("embedded"),
            workers,
            reader.section("lethe.spark.settings"));
    // Does not stop a session that this command did not start.
    own = exists ? Optional.empty() : Optional.of(session);
    return session;
  }

  /**
   * Takes the run directory.
   *
   * @throws LetheException CONFLICT if another run holds it
   */
  RunDirectory take(String runDirectory, Duration duration, JavaSparkContext context) {
    RunDirectory run = RunDirectory.at(Uris.path(runDirectory), context.hadoopConfiguration());
    Lease taken = Lease.acquire(run, clusterApplication(context), duration, context::cancelAllJobs);
    lease = Optional.of(taken);
    directory = Optional.of(run);
    TaskLease.share(context, taken.ticket());
    sharing = Optional.of(context);
    return run;
  }

  /** Begins the command's lineage, if the configuration names a file for it. */
  void trace(ConfigurationReader reader, SortedMap<String, String> versions) {
    SortedMap<String, List<String>> inputs = new TreeMap<>();
    inputs.put("model", reader.text("lethe.model.path").stream().toList());
    for (String kind : List.of("corpus.forget", "corpus.retain", "reveal.cards")) {
      inputs.put(kind, reader.texts("lethe." + kind));
    }
    inputs.put("requests", RequestBinding.files(reader));
    inputs.put("tables.requests", reader.text(RequestBinding.TABLE).stream().toList());
    lineage =
        reader
            .text("lethe.lineage.file")
            .map(Path::of)
            .map(
                file ->
                    Lineage.begin(
                        file,
                        new LineageRun(
                            reader.required("lethe.lineage.namespace", "a name"),
                            command,
                            runId,
                            requestId,
                            started,
                            inputs,
                            versions)));
  }

  /** Reports to the lineage that a stage begins. */
  void running(String stage) {
    lineage.ifPresent(found -> found.running(stage));
  }

  String runId() {
    return runId;
  }

  String requestId() {
    return requestId;
  }

  /**
   * Writes result.json. If the command failed before it held the run directory, it takes it for
   * this alone. Another run that holds it keeps its own result.
   */
  void finish(ExitClass exitClass, Outcome outcome) {
    if (directory.isPresent()) {
      write(directory.get(), exitClass, outcome);
    } else if (!intended.isEmpty()) {
      explain(exitClass, outcome);
    }
  }

  /** Writes result.json for a failure, and says why if that fails too. */
  void tryFinish(Terminal terminal, Failure failure) {
    try {
      finish(failure.exitClass(), Outcome.of(failure.message()));
    } catch (LetheException e) {
      // Often for the same reason, such as a full disk, which is not repeated.
      if (!e.getMessage().equals(failure.message())) {
        terminal.err().println("result.json could not be written: " + e.getMessage());
      }
    }
  }

  private void explain(ExitClass exitClass, Outcome outcome) {
    RunDirectory run = RunDirectory.at(Uris.path(intended), HadoopSettings.of(settings));
    try (Lease taken = Lease.acquire(run, Optional.empty(), BRIEFLY, () -> {})) {
      write(run, exitClass, outcome);
    } catch (LetheException e) {
      if (e.exitClass() != ExitClass.CONFLICT) {
        throw e;
      }
    }
  }

  private void write(RunDirectory run, ExitClass exitClass, Outcome outcome) {
    double seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
    new ResultDocument(
            1,
            command,
            runId,
            requestId,
            exitClass,
            exitClass.status(),
            outcome.message(),
            started.toString(),
            seconds,
            new TreeMap<>(outcome.figures()),
            new TreeMap<>(outcome.paths()))
        .write(run);
    lineage.ifPresent(found -> found.end(run, exitClass, outcome.message()));
  }

  /** The reason of every later failure, because a lost lease cancels the Spark jobs. */
  Optional<LetheException> lostLease() {
    return lease.flatMap(Lease::lost);
  }

  @Override
  public void close() {
    try {
      sharing.ifPresent(TaskLease::end);
      own.ifPresent(SparkSession::stop);
    } catch (Exception e) {
      // After a signal Spark stops itself at the same time. The work has ended either way.
      LoggerFactory.getLogger(CommandRun.class).warn("Spark did not stop: {}", e.getMessage());
    } finally {
      lease.ifPresent(Lease::close);
    }
  }

  /** Identifies all attempts of one application; outside YARN there is one attempt. */
  private static Optional<String> clusterApplication(JavaSparkContext context) {
    return context.master().startsWith("yarn")
        ? Optional.of(context.sc().applicationId())
        : Optional.empty();
  }
}
