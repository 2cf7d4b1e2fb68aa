package org.lethe.jobs.command;

import java.util.List;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Stage;
import picocli.CommandLine.Command;

/** All stages of a run. */
@Command(
    name = "pipeline",
    description = "Runs all stages of lethe.pipeline.stages; those that are done are skipped.",
    mixinStandardHelpOptions = true)
public final class PipelineCommand extends StagesCommand {
  @Override
  String name() {
    return "pipeline";
  }

  @Override
  List<Stage> stages(ConfigurationReader reader) {
    return Stage.ofPipeline(reader);
  }
}
