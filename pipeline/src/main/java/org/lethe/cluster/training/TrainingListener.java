package org.lethe.cluster.training;

/** Is told how training goes on; called on the driver's thread. */
public interface TrainingListener {
  /** Tells nobody. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * Training begins or goes on.
   *
   * @param completedRounds 0, or the round of the checkpoint that was found
   * @param rounds of the whole training
   */
  default void started(int completedRounds, int rounds) {}

  /** The reference losses are there. */
  default void referenceFinished(int examples) {}

  /** A round is over; {@link RoundMetrics#round} counts from 1. */
  default void roundFinished(RoundMetrics metrics, int rounds) {}
}
