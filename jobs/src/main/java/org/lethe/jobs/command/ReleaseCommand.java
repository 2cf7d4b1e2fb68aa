package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.release.HandOver;
import org.lethe.jobs.stage.JobContext;
import picocli.CommandLine.Option;

/** The release stage, with a copy of the released model for its users. */
final class ReleaseCommand extends StagesCommand {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Also copies a released model with its card and record to this new or empty folder, a"
              + " path or a URI.")
  private String to = "";

  ReleaseCommand() {
    super(Stage.RELEASE.word(), reader -> List.copyOf(Stage.RELEASE.ofCommand()));
  }

  /** A hand-over needs no file again; a decision is made with the configuration that is given. */
  @Override
  List<String> scenario(String directory) {
    return to.isEmpty() ? List.of() : RecordedKeys.of(directory);
  }

  @Override
  void conclude(JobContext context) {
    if (!to.isEmpty()) {
      new HandOver(context.directory()).to(Uris.of(to), context.spark().hadoopConfiguration());
      context.terminal().line("Handed over to " + to);
    }
  }
}
