package org.lethe.jobs.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.Versions;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Shows how the last command of a run ended, and exits with its status. For schedulers that report
 * success although the driver failed. Needs no Spark session and writes nothing.
 */
@Command(
    name = "status",
    description = {
      "Shows the state of a run and exits with the status of its last command: 0 success, 4 gate",
      "and so on; 5 if a command is running, 10 if one was killed, 3 if there is no result."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private CommonOptions options = new CommonOptions();

  @Parameters(paramLabel = "RUN_DIR", description = "The run directory: a path or a URI.")
  private String runDirectory = "";

  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() {
    try {
      Logs.begin();
      ConfigurationReader reader = options.configuration().reader();
      Map<String, String> settings = reader.section("lethe.spark.settings");
      reader.done();
      RunDirectory run = RunDirectory.at(Uris.path(runDirectory), HadoopSettings.of(settings));
      return state(run).status();
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e, Logs.current().where(), Versions.inOneLine());
      terminal.err().println(failure.exitClass() + ": " + failure.message());
      return failure.exitClass().status();
    }
  }

  private ExitClass state(RunDirectory run) {
    Optional<Lease.Holder> holder = Lease.holder(run);
    if (holder.isPresent()) {
      boolean alive = holder.get().alive();
      terminal.line(
          (alive ? "running: " : "killed: ")
              + holder.get().description()
              + (alive ? "" : "; run the same command again to resume"));
      return alive ? ExitClass.CONFLICT : ExitClass.INTERRUPTED;
    }
    if (!Documents.exists(run.fileSystem(), run.result())) {
      throw RunErrors.noResult(run.toString());
    }
    JsonNode result = Documents.read(run.fileSystem(), run.result());
    ExitClass found = exitClass(run, result.path("exit_class").asText());
    terminal.line(
        String.format(
            Locale.ROOT,
            "%s: %s, started %s, %.1f s: %s",
            found,
            result.path("command").asText(),
            result.path("started").asText(),
            result.path("seconds").asDouble(),
            result.path("message").asText()));
    result
        .path("figures")
        .properties()
        .forEach(figure -> terminal.line("  " + figure.getKey() + " = " + figure.getValue()));
    return found;
  }

  private static ExitClass exitClass(RunDirectory run, String name) {
    return Arrays.stream(ExitClass.values())
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(run, name));
  }

  private static LetheException unknown(RunDirectory run, String name) {
    return RunErrors.unreadableDocument(
        run.result().toString(), "it holds the exit class '" + name + "'");
  }
}
