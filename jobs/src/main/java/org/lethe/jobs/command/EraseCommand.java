package org.lethe.jobs.command;

import java.util.List;
import java.util.Map;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The pipeline for an erasure request, with plain flags: a model, what to forget and what to keep.
 * The flags become keys above conf/erase.conf and below {@code --config} and {@code --set}.
 */
@Command(
    name = "erase",
    description = {
      "Makes a model forget rows, or what topic cards describe, and keeps what it knows of other"
          + " rows. Releases the model if it knows the forgotten rows no better and no worse than"
          + " rows that it never saw.",
      "Uses the settings of conf/erase.conf; --config and --set override them and the flags."
    },
    mixinStandardHelpOptions = true)
final class EraseCommand extends StagesCommand {
  @Mixin private EraseFlags flags = new EraseFlags();

  EraseCommand() {
    super("erase", Stage::ofPipeline);
  }

  @Override
  List<String> scenarioFiles() {
    return List.of(EraseFlags.SCENARIO);
  }

  @Override
  List<String> scenario(String runDirectory) {
    return flags.keys();
  }

  @Override
  Map<String, String> flags() {
    return EraseFlags.byKey(super.flags());
  }
}
