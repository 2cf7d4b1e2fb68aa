package org.lethe.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The flags of every command. All are plain strings, so that Airflow can template them. */
final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A HOCON file; may be given more than once, later files win.")
  private List<Path> files = new ArrayList<>();

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
      description = "Checks flags, configuration and inputs, says what would be done, and ends.")
  private boolean dryRun;

  Configuration configuration() {
    return configuration(List.of());
  }

  /**
   * The configuration with some keys above reference.conf and below what the user gave.
   *
   * @param below key=value
   */
  Configuration configuration(List<String> below) {
    List<String> all = new ArrayList<>(overrides);
    if (!runDirectory.isEmpty()) {
      all.add("lethe.run-dir=" + runDirectory);
    }
    return Configuration.load(below, files, all);
  }

  boolean isDryRun() {
    return dryRun;
  }
}
