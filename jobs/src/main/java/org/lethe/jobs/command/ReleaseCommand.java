package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Decides on the model. */
@Command(
    name = "release",
    description =
        "Applies the gates, writes record and report, releases the model or keeps it aside.",
    mixinStandardHelpOptions = true)
public final class ReleaseCommand extends StagesCommand {
  @Override
  String name() {
    return "release";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.RELEASE);
  }
}
