package org.lethe.jobs.stage;

import java.util.List;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;

/** Runs stages of one run. */
public final class RunStages {
  private StageContext context;

  public RunStages(JobContext job, RunPlan plan) {
    this(job, plan, new RunArtifacts(job, plan));
  }

  /** Stages of a run that uses parts of other runs. */
  public RunStages(JobContext job, RunPlan plan, RunArtifacts artifacts) {
    this(new StageContext(job, plan, artifacts, EarlierReveals.NONE));
  }

  RunStages(StageContext context) {
    this.context = context;
  }

  public RunArtifacts artifacts() {
    return context.artifacts();
  }

  /** Fails if a later stage would fail, so that no time is lost on the earlier ones. */
  public void check(List<Stage> stages) {
    stages.forEach(stage -> StageWorks.of(stage).check(context));
  }

  /** Evaluates the candidate on the forget sets of earlier requests. */
  void evaluateEarlier(List<AnsweredRequest> requests) {
    Evaluations evaluations = new Evaluations(context, context.plan().evaluate().orElseThrow());
    for (AnsweredRequest request : requests) {
      evaluations.onEarlierRequest(request.laterEvaluation(), request.artifacts());
    }
  }

  /** Runs a stage, with settings that a tuning chose if lethe.unlearn.auto is on. */
  public void run(Stage stage) {
    context = Tuning.before(stage, context);
    StageWorks.of(stage).run(context);
  }

  /** Chooses the settings of the unlearn stage and writes them, without unlearning. */
  public TuningResult tune() {
    return new Tuning(context).tune();
  }
}
