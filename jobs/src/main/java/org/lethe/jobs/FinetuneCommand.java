package org.lethe.jobs;

import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.TrainingSettings;
import org.lethe.corpus.ShardSettings;
import org.lethe.jobs.TrainingStage.Kind;
import org.lethe.jobs.TrainingStage.Merge;
import org.lethe.model.Adapter;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.Release;
import org.lethe.run.RunDirectory;
import picocli.CommandLine.Command;

/** Ordinary training on both corpora, in a run directory of its own. */
@Command(
    name = "finetune",
    description = "Trains a model on both corpora; makes the targets of experiments.",
    mixinStandardHelpOptions = true)
final class FinetuneCommand extends LetheCommand {
  private ModelSettings model;
  private ShardSettings shards;
  private TrainingSettings settings;
  private Merge merge;
  private MemoryCheck memory;

  @Override
  String name() {
    return "finetune";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    shards = ShardStage.read(reader);
    settings = TrainingBinding.finetune(reader);
    merge = TrainingStage.readMerge(reader);
    memory = MemoryCheck.read(reader);
  }

  @Override
  int workers() {
    return shards.workers();
  }

  @Override
  Outcome execute(JobContext context) {
    Path made = train(context, model, shards, settings, merge, memory);
    TreeMap<String, String> paths = new TreeMap<>();
    paths.put("model", context.directory().relative(made));
    return new Outcome("The model is in " + made, new TreeMap<>(), paths);
  }

  /** Shards, trains and puts the model in its place; returns the place. */
  static Path train(
      JobContext context,
      ModelSettings model,
      ShardSettings shards,
      TrainingSettings settings,
      Merge merge,
      MemoryCheck memory) {
    new ShardStage(shards).run(context, model);
    new TrainingStage(Kind.FINETUNE, settings, merge, memory).run(context, model);
    RunDirectory directory = context.directory();
    Release release = new Release(directory, context.hadoop());
    return model.adapter() instanceof Adapter.Lora
        ? release.place(TrainingStage.adapter(directory), directory.adapter(), Decision.RELEASED)
        : release.place(TrainingStage.model(directory), directory.model(), Decision.RELEASED);
  }
}
