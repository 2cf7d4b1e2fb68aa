package org.lethe.jobs;

import java.util.List;
import picocli.CommandLine.Command;

/** All stages of a run. */
@Command(
    name = "pipeline",
    description = "Runs all stages of lethe.pipeline.stages; those that are done are skipped.",
    mixinStandardHelpOptions = true)
final class PipelineCommand extends StagesCommand {
  @Override
  String name() {
    return "pipeline";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return Stage.ofPipeline(reader);
  }
}
