package org.lethe.jobs.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.ExitClass;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.release.RunPurge;
import org.lethe.jobs.stage.Versions;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes the text of a run whose retention has ended. Needs no Spark session. */
@Command(
    name = "purge",
    description =
        "Deletes the text of a run if its recorded retention (lethe.run.retention) says so by now."
            + " Safe to run every day.",
    mixinStandardHelpOptions = true)
final class PurgeCommand implements Callable<Integer> {
  @Mixin private CommonOptions options = new CommonOptions();

  @Parameters(paramLabel = "RUN_DIR", description = "The run directory: a path or a URI.")
  private String runDirectory = "";

  private static void fail(Throwable lost) {
    throw lost instanceof RuntimeException e ? e : new IllegalStateException(lost);
  }

  @Override
  public Integer call() {
    Terminal terminal = Terminal.ofProcess();
    try {
      ConfigurationReader reader = options.configuration().reader();
      Configuration hadoop = HadoopSettings.of(reader.section("lethe.spark.settings"));
      RunDirectory directory = RunDirectory.at(Uris.path(runDirectory), hadoop);
      Duration duration = reader.duration("lethe.run.lease");
      reader.done();
      try (Lease lease = Lease.acquire(directory, Optional.empty(), duration, () -> {})) {
        terminal.line(RunPurge.of(directory, Instant.now()));
        lease.lost().ifPresent(PurgeCommand::fail);
      }
      return ExitClass.SUCCESS.status();
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e, Logs.current().where(), Versions.inOneLine());
      terminal.err().println(failure.exitClass() + ": " + failure.message());
      return failure.exitClass().status();
    }
  }
}
