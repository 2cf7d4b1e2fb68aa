package org.lethe.jobs.command;

import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.error.ExitClass;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.Failure;
import org.lethe.jobs.console.Logs;
import org.lethe.jobs.console.Terminal;
import org.lethe.jobs.stage.Versions;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends the lease of a run that was killed. Needs no Spark session. */
@Command(
    name = "unlock",
    description =
        "Frees a run directory whose run was killed. Refuses if the run is alive, which takes half"
            + " of lethe.run.lease to find out.",
    mixinStandardHelpOptions = true)
final class UnlockCommand implements Callable<Integer> {
  private static final String HADOOP = "spark.hadoop.";

  @Mixin private CommonOptions options = new CommonOptions();

  @Parameters(paramLabel = "RUN_DIR", description = "The run directory: a path or a URI.")
  private String runDirectory = "";

  @Override
  public Integer call() {
    Terminal terminal = Terminal.ofProcess();
    try {
      ConfigurationReader reader = options.configuration().reader();
      Configuration hadoop = hadoop(reader);
      reader.done();
      terminal.line(Lease.unlock(RunDirectory.at(Uris.path(runDirectory), hadoop)));
      return ExitClass.SUCCESS.status();
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e, Logs.current().where(), Versions.inOneLine());
      terminal.err().println(failure.exitClass() + ": " + failure.message());
      return failure.exitClass().status();
    }
  }

  /** Returns the file-system settings that Spark would use. */
  private static Configuration hadoop(ConfigurationReader reader) {
    Configuration hadoop = new Configuration();
    Properties system = System.getProperties();
    for (String name : system.stringPropertyNames()) {
      set(hadoop, name, system.getProperty(name));
    }
    reader.section("lethe.spark.settings").forEach((name, value) -> set(hadoop, name, value));
    return hadoop;
  }

  private static void set(Configuration hadoop, String name, String value) {
    if (name.startsWith(HADOOP)) {
      hadoop.set(name.substring(HADOOP.length()), value);
    }
  }
}
