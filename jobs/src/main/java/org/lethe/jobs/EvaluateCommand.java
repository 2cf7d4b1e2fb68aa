package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** Measures before and after. */
@Command(
    name = "evaluate",
    description = "Measures the model before and after unlearning, on both corpora.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand extends StagesCommand {
  @Override
  String name() {
    return "evaluate";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.EVALUATE);
  }
}
