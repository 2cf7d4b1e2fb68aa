package org.lethe.jobs;

import org.lethe.cluster.TrainingSettings;
import org.lethe.corpus.ShardSettings;
import org.lethe.jobs.EvaluatingStage.When;
import org.lethe.jobs.TrainingStage.Kind;
import org.lethe.jobs.TrainingStage.Merge;

/** The whole way from corpora to a released model. */
final class ErasureStages {
  private final TrainingSettings training;
  private final Merge merge;
  private final MemoryCheck memory;
  private final EvaluatingStage evaluation;
  private final ReleaseStage release;

  private ErasureStages(
      TrainingSettings training,
      Merge merge,
      MemoryCheck memory,
      EvaluatingStage evaluation,
      ReleaseStage release) {
    this.training = training;
    this.merge = merge;
    this.memory = memory;
    this.evaluation = evaluation;
    this.release = release;
  }

  static ErasureStages read(ConfigurationReader reader) {
    return new ErasureStages(
        TrainingBinding.unlearn(reader),
        TrainingStage.readMerge(reader),
        MemoryCheck.read(reader),
        EvaluatingStage.read(reader),
        ReleaseStage.read(reader));
  }

  /** Runs every stage that does not stand yet. */
  Outcome run(JobContext context, ModelSettings model, ShardSettings shards) {
    new ShardStage(shards).run(context, model);
    evaluation.run(context, model, When.BEFORE);
    new TrainingStage(Kind.UNLEARN, training, merge, memory).run(context, model);
    evaluation.run(context, model, When.AFTER);
    return release.run(context, model);
  }
}
