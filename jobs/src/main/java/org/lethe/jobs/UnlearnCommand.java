package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** Unlearns in rounds. */
@Command(
    name = "unlearn",
    description = "Makes the model forget, in rounds; resumes where it was cut off.",
    mixinStandardHelpOptions = true)
final class UnlearnCommand extends StagesCommand {
  @Override
  String name() {
    return "unlearn";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.UNLEARN);
  }
}
