package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** Makes the model tell what it knows of the topics. */
@Command(
    name = "reveal",
    description = "Makes a forget corpus from topic cards, in the model's own words.",
    mixinStandardHelpOptions = true)
final class RevealCommand extends StagesCommand {
  @Override
  String name() {
    return "reveal";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    reader.requiredTexts("lethe.reveal.cards", "files of topic cards");
    return List.of(Stage.REVEAL);
  }
}
