package org.lethe.jobs;

import java.util.TreeMap;
import org.lethe.cluster.TrainingSettings;
import org.lethe.jobs.TrainingStage.Kind;
import org.lethe.jobs.TrainingStage.Merge;
import picocli.CommandLine.Command;

/** Rounds of unlearning over shards that stand. */
@Command(
    name = "unlearn",
    description = "Unlearns the forget shards in rounds; leaves a candidate that no gate has seen.",
    mixinStandardHelpOptions = true)
final class UnlearnCommand extends LetheCommand {
  private ModelSettings model;
  private TrainingSettings settings;
  private Merge merge;
  private MemoryCheck memory;
  private int workers;

  @Override
  String name() {
    return "unlearn";
  }

  @Override
  void bind(ConfigurationReader reader) {
    model = ModelSettings.read(reader);
    settings = TrainingBinding.unlearn(reader);
    merge = TrainingStage.readMerge(reader);
    memory = MemoryCheck.read(reader);
    workers = reader.integer("lethe.unlearn.workers", 1, 100_000);
  }

  @Override
  int workers() {
    return workers;
  }

  @Override
  Outcome execute(JobContext context) {
    new TrainingStage(Kind.UNLEARN, settings, merge, memory).run(context, model);
    TreeMap<String, String> paths = new TreeMap<>();
    paths.put("candidate", context.directory().relative(context.directory().candidate()));
    return new Outcome(
        "The candidate is in " + context.directory().candidate() + "; no gate has seen it yet",
        new TreeMap<>(),
        paths);
  }
}
