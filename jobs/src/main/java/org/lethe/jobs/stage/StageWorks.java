package org.lethe.jobs.stage;

import java.util.List;
import org.lethe.jobs.config.Stage;

/** The list of stages. */
public final class StageWorks {
  /** Every stage, in the order in which a run goes through them. */
  public static final List<StageWork> ALL =
      List.of(
          new RevealWork(),
          new ShardWork(),
          new FinetuneWork(),
          new UnlearnWork(),
          new EvaluateWork(),
          new AttackWork(),
          new ReleaseWork());

  private StageWorks() {}

  static StageWork of(Stage stage) {
    return ALL.stream().filter(work -> work.stage() == stage).findFirst().orElseThrow();
  }
}
