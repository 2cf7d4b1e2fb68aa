package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** Decides on the model. */
@Command(
    name = "release",
    description =
        "Applies the gates, writes record and report, releases the model or keeps it aside.",
    mixinStandardHelpOptions = true)
final class ReleaseCommand extends StagesCommand {
  @Override
  String name() {
    return "release";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.RELEASE);
  }
}
