package org.lethe.jobs.stage;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.model.Adapter;
import org.lethe.run.RunDirectory;

/** The finetune stage: ordinary training, which gives a target model. */
final class FinetuneWork implements StageWork {
  private static final Sections SECTIONS =
      Sections.of("lethe.finetune", RunArtifacts.SHARDS_PER_CORPUS);

  @Override
  public Stage stage() {
    return Stage.FINETUNE;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return SECTIONS;
  }

  @Override
  public void check(StageContext context) {
    RunArtifacts artifacts = context.artifacts();
    RunPlan.Finetune finetune = context.plan().finetune().orElseThrow();
    new Trainings(context)
        .checkMemory(
            artifacts.target().model(),
            Adapter.full(),
            finetune.settings(),
            Optional.empty(),
            artifacts.givenModel());
  }

  @Override
  public void run(StageContext context) {
    RunPlan plan = context.plan();
    RunArtifacts artifacts = context.artifacts();
    RunPlan.Finetune finetune = plan.finetune().orElseThrow();
    RunDirectory target = artifacts.target();
    PretrainedDecoder source =
        artifacts.source(plan.model().uri(), artifacts.givenModelDigest(), Adapter.full());
    List<WorkerShards> shards =
        artifacts.workerShards().stream().map(s -> s.asOneCorpus(finetune.sets())).toList();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", source.digest());
    digests.put("shards", artifacts.shardsDigest());
    Trainings trainings = new Trainings(context);
    trainings.run(
        new Trainings.Task(
            "finetune",
            target,
            target.model(),
            context.inputs("finetune", digests, SECTIONS),
            source,
            shards,
            finetune.settings(),
            Optional.empty()),
        result -> trainings.writeModel(source, result, target.model().toUri(), plan.model().uri()));
  }
}
