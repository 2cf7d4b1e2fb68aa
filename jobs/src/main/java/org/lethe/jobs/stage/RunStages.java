package org.lethe.jobs.stage;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.jobs.config.ArithmeticKeys;
import org.lethe.jobs.config.RevealKeys;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.model.Adapter;
import org.lethe.model.DecoderConfig;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Runs the stages of a run, each as the work behind its manifest. */
public final class RunStages {
  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;

  public RunStages(JobContext context, RunPlan plan) {
    this.context = context;
    this.plan = plan;
    this.contents = new RunArtifacts(context, plan);
  }

  /** The stages of a run of which parts stand in others. */
  public RunStages(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
  }

  public RunArtifacts contents() {
    return contents;
  }

  /** Looks for what would end a later stage, so that no time is lost on the earlier ones. */
  public void check() {
    plan.reveal().ifPresent(new RevealWork(context, plan, contents)::compared);
    if (plan.shard().isEmpty() && plan.finetune().isEmpty() && plan.unlearn().isEmpty()) {
      return;
    }
    ModelDirectory model = contents.openModel(plan.model().uri().toString());
    model.openTokenizer().close();
    plan.finetune()
        .ifPresent(s -> checkMemory(contents.target().model(), Adapter.full(), s, model.config()));
    plan.unlearn().ifPresent(s -> s.check(model.config(), plan.model().adapter()));
    plan.unlearn()
        .ifPresent(
            s ->
                checkMemory(
                    context.directory().candidate(), plan.model().adapter(), s, model.config()));
  }

  private void checkMemory(
      Path folder, Adapter adapter, TrainingSettings settings, DecoderConfig config) {
    if (!Documents.exists(context.directory().fileSystem(), RunDirectory.manifest(folder))) {
      int workers = context.spark().isLocal() ? plan.workers() : 1;
      MemoryBudget.check(plan, adapter, settings, config, workers);
    }
  }

  public void run(Stage stage) {
    switch (stage) {
      case REVEAL -> new RevealWork(context, plan, contents).run(plan.reveal().orElseThrow());
      case SHARD -> new ShardWork(context, plan, contents).run(plan.shard().orElseThrow());
      case FINETUNE ->
          new TrainWork(context, plan, contents).finetune(plan.finetune().orElseThrow());
      case UNLEARN -> unlearn();
      case EVALUATE -> new EvaluateWork(context, plan, contents).run(plan.evaluate().orElseThrow());
      case RELEASE -> new ReleaseWork(context, plan, contents).run();
    }
  }

  private void unlearn() {
    Optional<ArithmeticKeys> arithmetic = plan.reveal().flatMap(RevealKeys::arithmetic);
    if (arithmetic.isPresent()) {
      new ArithmeticWork(context, plan, contents).run(arithmetic.get());
    } else {
      new TrainWork(context, plan, contents).unlearn(plan.unlearn().orElseThrow());
    }
  }
}
