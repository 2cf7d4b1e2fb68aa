package org.lethe.jobs;

import org.lethe.corpus.ShardSettings;
import picocli.CommandLine.Command;

/** All stages, one after another. */
@Command(
    name = "pipeline",
    description = "Shards, unlearns, evaluates and releases; skips stages that stand.",
    mixinStandardHelpOptions = true)
final class PipelineCommand extends LetheCommand {
  private ModelSettings model;
  private ShardSettings shards;
  private ErasureStages stages;

  @Override
  String name() {
    return "pipeline";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    shards = ShardStage.read(reader);
    stages = ErasureStages.read(reader);
  }

  @Override
  int workers() {
    return shards.workers();
  }

  @Override
  Outcome execute(JobContext context) {
    return stages.run(context, model, shards);
  }
}
