package org.lethe.cluster.training;

import org.lethe.evaluation.monitor.MonitorHistory;
import org.lethe.evaluation.monitor.StopOutcome;

/** Receives progress of a training, on the driver's thread. */
public interface TrainingListener {
  /** Ignores progress. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * Called when training starts or resumes.
   *
   * @param completedRounds 0, or the round of the newest checkpoint
   * @param rounds rounds of the whole training
   */
  default void started(int completedRounds, int rounds) {}

  /** Called when the reference losses are available. */
  default void referenceFinished(int examples) {}

  /** Called after each round. {@link RoundMetrics#round} counts from 1. */
  default void roundFinished(RoundMetrics metrics, int rounds) {}

  /**
   * Called after the readings of a round, before {@link #roundFinished}, in a training with stop
   * rules.
   */
  default void monitored(MonitorHistory history) {}

  /** Called at the end of a training with stop rules. */
  default void stopped(StopOutcome outcome) {}
}
