package org.lethe.jobs.stage;

import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;

/**
 * The work of one stage. Implementations hold no state: a run brings its own {@link StageContext}.
 * Register new stages in {@link StageWorks}.
 */
public interface StageWork {
  Stage stage();

  /**
   * The configuration that decides whether an existing result of this stage may be reused.
   *
   * @param plan since variants of a stage depend on different sections
   */
  Sections sections(RunPlan plan);

  /** Fails if this stage would fail, before any stage of the run begins. */
  void check(StageContext context);

  /** Does the work, or skips it if its result exists. */
  void run(StageContext context);
}
