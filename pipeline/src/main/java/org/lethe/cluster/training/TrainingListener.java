package org.lethe.cluster.training;

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
}
