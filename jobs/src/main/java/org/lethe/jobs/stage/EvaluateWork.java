package org.lethe.jobs.stage;

import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * The evaluate stage: the model before unlearning and, if there is one, the candidate after;
 * figures first, then attacks.
 */
final class EvaluateWork implements StageWork {
  @Override
  public Stage stage() {
    return Stage.EVALUATE;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return Evaluations.candidateSections(plan.evaluate().orElseThrow());
  }

  @Override
  public void check(StageContext context) {
    // The shards and models that it needs may be results of earlier stages.
  }

  @Override
  public void run(StageContext context) {
    EvaluatePlan plan = context.plan().evaluate().orElseThrow();
    RunArtifacts artifacts = context.artifacts();
    Evaluations evaluations = new Evaluations(context, plan);
    ModelAttacks attacks = new ModelAttacks(context, plan);
    if (artifacts.isMeasuredOnItsOwn()) {
      evaluations.before();
      if (context.plan().unseen().isPresent()) {
        evaluations.unseenBefore();
      }
      attacks.before();
    }
    if (Documents.exists(
        context.job().directory().fileSystem(), RunDirectory.manifest(artifacts.candidate()))) {
      evaluations.after();
      if (context.plan().unseen().isPresent()) {
        evaluations.unseenAfter();
      }
      attacks.after();
    }
  }
}
