package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** Makes the model tell what it knows of the topics. */
@Command(
    name = "reveal",
    description = "Makes a forget corpus from topic cards, in the model's own words.",
    mixinStandardHelpOptions = true)
public final class RevealCommand extends StagesCommand {
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
