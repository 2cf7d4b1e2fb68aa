package org.lethe.jobs.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lethe.jobs.config.Configuration;
import picocli.CommandLine.Option;

/** The flags of every command. All are plain strings, so that Airflow can template them. */
final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A HOCON file, a path or a URI; may be given more than once, later files win.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One key, above all files; may be given more than once.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--run-dir",
      paramLabel = "URI",
      description = "Where everything of this run is written: a path or a URI.")
  private String runDirectory = "";

  @Option(
      names = "--dry-run",
      description = "Checks flags, configuration and inputs, prints the configuration, and ends.")
  private boolean dryRun;

  Configuration configuration() {
    return Configuration.load(localFiles(), overrides(""));
  }

  /** The configuration of a command: reference.conf, its scenario, the user's files and keys. */
  Configuration configuration(LetheCommand command) {
    String directory = runDirectory(command);
    return Configuration.load(
        command.scenarioFiles(), command.scenario(directory), localFiles(), overrides(directory));
  }

  /** The run directory of the flag or of the command; empty if a file or a key must give it. */
  String runDirectory(LetheCommand command) {
    return runDirectory.isEmpty() ? command.defaultRunDirectory() : runDirectory;
  }

  private List<Path> localFiles() {
    return files.stream().map(ConfigurationFiles::local).toList();
  }

  private List<String> overrides(String directory) {
    List<String> all = new ArrayList<>(overrides);
    if (!directory.isEmpty()) {
      all.add("lethe.run-dir=" + directory);
    }
    return all;
  }

  boolean isDryRun() {
    return dryRun;
  }
}
