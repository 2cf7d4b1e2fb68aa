package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Measures before and after. */
@Command(
    name = "evaluate",
    description = "Measures the model before and after unlearning, on both corpora.",
    mixinStandardHelpOptions = true)
public final class EvaluateCommand extends StagesCommand {
  @Override
  String name() {
    return "evaluate";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.EVALUATE);
  }
}
