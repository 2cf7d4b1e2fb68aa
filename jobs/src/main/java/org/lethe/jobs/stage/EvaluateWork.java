package org.lethe.jobs.stage;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.table.RowTable;
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
    AttackMemory.checkEvaluation(context);
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
    exportFigures(context);
  }

  /** Writes the figures of rows to the table of the configuration, if it names one. */
  private static void exportFigures(StageContext context) {
    JobContext job = context.job();
    SortedMap<String, Path> evaluations = new TreeMap<>();
    for (String when : List.of("before", "after")) {
      Path rows = new Path(context.artifacts().evaluation(when), EvaluationStage.ROWS);
      if (Documents.exists(job.directory().fileSystem(), rows)) {
        evaluations.put(when, rows);
      }
    }
    RowTable.write(
        job.configuration().reader(), job.session(), job.runId(), job.requestId(), evaluations);
  }
}
