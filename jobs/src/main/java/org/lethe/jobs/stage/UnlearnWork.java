package org.lethe.jobs.stage;

import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.UnlearnPlan;

/** The unlearn stage: training in rounds, or adapter arithmetic. */
final class UnlearnWork implements StageWork {
  @Override
  public Stage stage() {
    return Stage.UNLEARN;
  }

  @Override
  public Sections sections(RunPlan plan) {
    return variant(plan).sections();
  }

  @Override
  public void check(StageContext context) {
    variant(context.plan()).check(context);
  }

  @Override
  public void run(StageContext context) {
    variant(context.plan()).run(context);
  }

  /** One of the ways to unlearn. */
  interface Variant {
    Sections sections();

    void check(StageContext context);

    void run(StageContext context);
  }

  private static Variant variant(RunPlan plan) {
    UnlearnPlan unlearn = plan.unlearn().orElseThrow();
    return unlearn instanceof UnlearnPlan.Arithmetic arithmetic
        ? new ArithmeticUnlearning(arithmetic)
        : new RoundsUnlearning((UnlearnPlan.Rounds) unlearn);
  }
}
