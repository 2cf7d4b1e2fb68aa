package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Unlearns in rounds. */
@Command(
    name = "unlearn",
    description = "Makes the model forget, in rounds; resumes where it was cut off.",
    mixinStandardHelpOptions = true)
public final class UnlearnCommand extends StagesCommand {
  @Override
  String name() {
    return "unlearn";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.UNLEARN);
  }
}
