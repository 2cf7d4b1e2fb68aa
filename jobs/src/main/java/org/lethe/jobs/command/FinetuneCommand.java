package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Ordinary training on both corpora. */
@Command(
    name = "finetune",
    description = "Trains the model on both corpora; makes target models for experiments.",
    mixinStandardHelpOptions = true)
public final class FinetuneCommand extends StagesCommand {
  @Override
  String name() {
    return "finetune";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return List.of(Stage.SHARD, Stage.FINETUNE);
  }
}
