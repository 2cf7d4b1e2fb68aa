package org.lethe.jobs.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.compute.selection.Backends;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.PlatformSettings;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.Versions;
import org.lethe.run.ResultDocument;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;
import org.lethe.run.lease.Lease;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import scala.Option;

/**
 * A command that works on a run directory: reads the configuration, checks the platform, takes the
 * directory, does the work and writes result.json last, whatever happened.
 */
abstract class LetheCommand implements Callable<Integer> {
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(6);
  private static final Failure INTERRUPTED = interrupted(RunErrors.interrupted());

  @Mixin private CommonOptions options = new CommonOptions();

  /** The command's name, as in result.json. */
  abstract String name();

  /**
   * Binds and checks the keys that the command uses, and collects all problems in the reader. The
   * command keeps its bindings for {@link #execute}.
   */
  abstract void bind(ConfigurationReader reader);

  /** Checks the whole configuration before the work begins. */
  void check(Configuration configuration) {}

  /** Checks for a dry run that the command's inputs exist and can be read. */
  void checkInputs(org.apache.hadoop.conf.Configuration hadoop) {}

  /** Work that needs no run directory, if the flags ask for it; gives lines for the terminal. */
  Optional<Supplier<List<String>>> withoutRun() {
    return Optional.empty();
  }

  /** Whether to write run.json. Read-only commands return false. */
  boolean claimsRun() {
    return true;
  }

  /** Does the work. */
  abstract Outcome execute(JobContext context);

  /** Default run directory, or empty if {@code --run-dir} is required. */
  String defaultRunDirectory() {
    return "";
  }

  /** Built-in configuration files of the command, above reference.conf; resources of this jar. */
  List<String> scenarioFiles() {
    return List.of();
  }

  /** The command's own values, key=value, above its files and below the user's. */
  List<String> scenario(String runDirectory) {
    return List.of();
  }

  /** Flags by the key that they set, for messages about missing keys. */
  Map<String, String> flags() {
    return Map.of("lethe.run-dir", "--run-dir RUN");
  }

  /** Tasks that run at the same time. */
  abstract int workers();

  @Override
  public final Integer call() {
    Terminal terminal = Terminal.ofProcess();
    Instant started = Instant.now();
    Run run = new Run();
    try (Interruption interruption = run.interruption(name(), started)) {
      return call(terminal, run, started, interruption);
    }
  }

  private int call(Terminal terminal, Run run, Instant started, Interruption interruption) {
    Logs logs = Logs.none();
    Failure failure;
    try {
      if (withoutRun().isPresent()) {
        withoutRun().get().get().forEach(terminal::line);
        return ExitClass.SUCCESS.status();
      }
      Configuration configuration = options.configuration(this);
      ConfigurationReader reader = configuration.reader(flags());
      String directory = reader.required("lethe.run-dir", "the run directory");
      PlatformSettings platform = PlatformSettings.read(reader);
      Duration lease = reader.duration("lethe.run.lease", SHORTEST_LEASE);
      bind(reader);
      reader.done();
      check(configuration);
      logs = Logs.begin(directory);
      if (options.isDryRun()) {
        checkInputs(HadoopSettings.of(reader.section("lethe.spark.settings")));
        describe(terminal, configuration);
        return ExitClass.SUCCESS.status();
      }
      Outcome outcome = run.work(this, terminal, configuration, reader, platform, lease);
      run.finish(name(), started, ExitClass.SUCCESS, outcome);
      terminal.line(outcome.message());
      return ExitClass.SUCCESS.status();
    } catch (Exception | Error e) {
      // Scala throws checked exceptions undeclared, and Hadoop throws disk errors as Errors. Each
      // must end in a result document and an exit class.
      failure = interruption.explains(e) ? INTERRUPTED : failed(run.lostLease().orElse(e), logs);
    } finally {
      run.close();
    }
    return report(terminal, run, started, failure);
  }

  private static Failure interrupted(LetheException signal) {
    return new Failure(signal.exitClass(), signal.getMessage());
  }

  private Failure failed(Throwable e, Logs logs) {
    Failure failure = Failure.of(e, logs.where(), Versions.inOneLine());
    if (!(e instanceof LetheException) || failure.exitClass() == ExitClass.INTERNAL) {
      LoggerFactory.getLogger(LetheCommand.class).error("{} failed\n{}", name(), Failure.trace(e));
    }
    return failure;
  }

  private int report(Terminal terminal, Run run, Instant started, Failure failure) {
    terminal.err().println(failure.exitClass() + ": " + failure.message());
    try {
      run.finish(name(), started, failure.exitClass(), Outcome.of(failure.message()));
    } catch (LetheException e) {
      // Report the failure of the command first; a full disk is the usual reason here.
      terminal.err().println("result.json could not be written: " + e.getMessage());
    }
    return failure.exitClass().status();
  }

  private void describe(Terminal terminal, Configuration configuration) {
    terminal.line(
        "Dry run of '"
            + name()
            + "': the configuration is valid and the inputs"
            + " can be read. Nothing was written.");
    configuration.flattened().forEach((key, value) -> terminal.line("  " + key + " = " + value));
  }

  /** The resources that a command holds while it works. */
  private static final class Run implements AutoCloseable {
    // A signal's thread reads them too.
    private volatile Optional<RunDirectory> directory = Optional.empty();
    private volatile Optional<Lease> lease = Optional.empty();
    private Optional<SparkSession> spark = Optional.empty();
    private volatile String runId = "";
    private volatile String requestId = "";

    /** Watches for signals, which end the work. */
    Interruption interruption(String command, Instant started) {
      return new Interruption(
          this::cancel,
          () -> {
            finish(command, started, INTERRUPTED.exitClass(), Outcome.of(INTERRUPTED.message()));
            lease.ifPresent(Lease::close);
          });
    }

    private void cancel() {
      Option<SparkSession> session = SparkSession.getDefaultSession();
      if (session.isDefined() && !session.get().sparkContext().isStopped()) {
        session.get().sparkContext().cancelAllJobs();
      }
    }

    Outcome work(
        LetheCommand command,
        Terminal terminal,
        Configuration configuration,
        ConfigurationReader reader,
        PlatformSettings platform,
        Duration duration) {
      runId = reader.required("lethe.run-id", "a name");
      requestId = reader.text("lethe.request-id").orElse("");
      NativeBackend backend = Backends.decide(platform.backend(), DataType.FLOAT, 0).library();
      SortedMap<String, String> versions = Versions.all();
      versions.put("kernel", backend.arithmetic());
      RunDocument document = RunDocument.of(runId, requestId, configuration.flattened(), versions);
      boolean exists = SparkSession.getDefaultSession().isDefined();
      SparkSession session =
          SparkSessions.open(
              "lethe " + command.name(),
              reader.text("lethe.spark.master").orElse("embedded"),
              command.workers(),
              reader.section("lethe.spark.settings"));
      // Does not stop a session that this command did not start.
      spark = exists ? Optional.empty() : Optional.of(session);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
      RunDirectory run =
          RunDirectory.at(
              Uris.path(reader.required("lethe.run-dir", "the run directory")),
              context.hadoopConfiguration());
      lease =
          Optional.of(
              Lease.acquire(run, clusterApplication(context), duration, context::cancelAllJobs));
      directory = Optional.of(run);
      if (command.claimsRun()) {
        document.claim(run);
      }
      return command.execute(
          new JobContext(
              terminal,
              configuration,
              run,
              runId,
              requestId,
              session,
              context,
              backend,
              Instant.now()));
    }

    /** Writes result.json, unless another process holds the run directory. */
    void finish(String command, Instant started, ExitClass exitClass, Outcome outcome) {
      if (directory.isEmpty()) {
        return;
      }
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
          .write(directory.get());
    }

    /** The reason of every later failure, because a lost lease cancels the Spark jobs. */
    Optional<Throwable> lostLease() {
      return lease.flatMap(Lease::lost);
    }

    @Override
    public void close() {
      spark.ifPresent(SparkSession::stop);
      lease.ifPresent(Lease::close);
    }

    /** Identifies all attempts of one application; outside YARN there is one attempt. */
    private static Optional<String> clusterApplication(JavaSparkContext context) {
      return context.master().startsWith("yarn")
          ? Optional.of(context.sc().applicationId())
          : Optional.empty();
    }
  }
}
