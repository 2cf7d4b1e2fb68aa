package org.lethe.jobs.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.compute.selection.Backends;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.Choices;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.PlatformSettings;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.Versions;
import org.lethe.jobs.table.TableInputs;
import org.lethe.jobs.table.TableKeys;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;
import org.lethe.run.RunDocument;
import org.lethe.tensor.NativeBackend;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;

/**
 * A command that works on a run directory: reads the configuration, checks the platform, takes the
 * directory, does the work and writes result.json last, whatever happened.
 */
abstract class LetheCommand implements Callable<Integer> {
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(6);
  private static final Choices<Logs.Format> LOG_FORMATS = Choices.of(Logs.Format.class);

  @Mixin private CommonOptions options = new CommonOptions();

  private Optional<CommandRun> current = Optional.empty();

  private final Terminal terminal = Terminal.ofProcess();

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
    CommandRun run = new CommandRun(name(), Instant.now());
    Prepared prepared;
    try {
      if (withoutRun().isPresent()) {
        withoutRun().get().get().forEach(terminal::line);
        return ExitClass.SUCCESS.status();
      }
      prepared = prepare(run);
    } catch (Exception | Error e) {
      return report(run, explained(e));
    }
    // A signal before this ends the process at once: it holds nothing yet.
    try (Interruption interruption = run.interruption()) {
      return call(run, prepared, interruption);
    }
  }

  /**
   * A checked configuration.
   *
   * @param reader of the configuration, whose keys are all valid
   * @param directory the run directory
   * @param lease duration of the run directory's lease
   */
  private record Prepared(
      Configuration configuration,
      ConfigurationReader reader,
      String directory,
      PlatformSettings platform,
      Duration lease) {}

  /** Reads and checks the configuration, and gives the log its place before any logger exists. */
  private Prepared prepare(CommandRun run) {
    if (!options.isDryRun()) {
      run.intend(options.runDirectory(this), Map.of());
    }
    Configuration configuration = options.configuration(this);
    ConfigurationReader reader = configuration.reader(flags());
    String directory = reader.required("lethe.run-dir", "the run directory");
    if (!options.isDryRun()) {
      run.intend(directory, reader.section("lethe.spark.settings"));
    }
    PlatformSettings platform = PlatformSettings.read(reader);
    Duration lease = reader.duration("lethe.run.lease", SHORTEST_LEASE);
    Logs.Format format = reader.choice("lethe.log.format", LOG_FORMATS);
    TableKeys.read(reader);
    bindChecked(configuration, reader);
    Logs.use(format);
    Logs.begin(directory);
    return new Prepared(configuration, reader, directory, platform, lease);
  }

  private void bindChecked(Configuration configuration, ConfigurationReader reader) {
    bind(reader);
    reader.done();
    check(configuration);
  }

  /** Copies the tables of the configuration into the run, and binds the copies in their place. */
  private Configuration withCopiedTables(
      Configuration given, SparkSession session, RunDirectory directory) {
    Configuration resolved = new TableInputs(session, directory, terminal).resolve(given);
    if (resolved != given) {
      bindChecked(resolved, resolved.reader(flags()));
    }
    return resolved;
  }

  private int call(CommandRun run, Prepared prepared, Interruption interruption) {
    try {
      interruption.check();
      if (options.isDryRun()) {
        checkInputs(HadoopSettings.of(prepared.reader().section("lethe.spark.settings")));
        describe(prepared.configuration());
        return ExitClass.SUCCESS.status();
      }
      Outcome outcome = work(run, prepared, interruption);
      run.finish(ExitClass.SUCCESS, outcome);
      terminal.line(outcome.message());
      return ExitClass.SUCCESS.status();
    } catch (Exception | Error e) {
      // Scala throws checked exceptions undeclared, and Hadoop throws disk errors as Errors. Each
      // must end in a result document and an exit class.
      Throwable reason = run.lostLease().map(Throwable.class::cast).orElse(e);
      return report(
          run, explained(interruption.explains(reason) ? RunErrors.interrupted() : reason));
    } finally {
      run.close();
    }
  }

  private Outcome work(CommandRun run, Prepared prepared, Interruption interruption) {
    NativeBackend backend =
        Backends.decide(prepared.platform().backend(), DataType.FLOAT, 0).library();
    SparkSession session = run.start(prepared.reader(), workers());
    PhaseHook.reached("command:spark-started");
    // Spark may start for so long that a signal has explained itself in the run directory.
    interruption.check();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    RunDirectory directory = run.take(prepared.directory(), prepared.lease(), context);
    run.trace(prepared.reader(), Versions.all());
    current = Optional.of(run);
    Configuration configuration = prepared.configuration();
    if (claimsRun()) {
      SortedMap<String, String> versions = Versions.all();
      versions.put("kernel", backend.arithmetic());
      versions.put("threads", String.valueOf(backend.threads()));
      RunDocument.of(run.runId(), run.requestId(), configuration.flattened(), versions)
          .claim(directory);
      configuration = withCopiedTables(configuration, session, directory);
    }
    return execute(
        new JobContext(
            terminal,
            configuration,
            directory,
            run.runId(),
            run.requestId(),
            session,
            context,
            backend,
            Instant.now()));
  }

  /** Reports that a stage begins. */
  final void running(String stage) {
    current.ifPresent(run -> run.running(stage));
  }

  private Failure explained(Throwable e) {
    Failure failure = Failure.of(e, Logs.current().where(), Versions.inOneLine());
    if (!(e instanceof LetheException) || failure.exitClass() == ExitClass.INTERNAL) {
      LoggerFactory.getLogger(LetheCommand.class).error("{} failed\n{}", name(), Failure.trace(e));
    }
    return failure;
  }

  private int report(CommandRun run, Failure failure) {
    terminal.err().println(failure.exitClass() + ": " + failure.message());
    run.tryFinish(terminal, failure);
    return failure.exitClass().status();
  }

  private void describe(Configuration configuration) {
    terminal.line(
        "Dry run of '"
            + name()
            + "': the configuration is valid and the inputs"
            + " can be read. Nothing was written.");
    configuration.flattened().forEach((key, value) -> terminal.line("  " + key + " = " + value));
  }
}
