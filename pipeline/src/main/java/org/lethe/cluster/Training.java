package org.lethe.cluster;

import org.apache.spark.api.java.JavaSparkContext;

/** Trains in rounds on Spark. */
public final class Training {
  private Training() {}

  /**
   * Runs all rounds that are not done yet, from the newest checkpoint on, and returns the state
   * after the last. Run again when all is done, it returns the same state and computes nothing.
   *
   * @throws org.lethe.error.LetheException DIVERGED if a contribution holds NaN or an infinity,
   *     NO_EFFECT if no parameter changed, INPUT if there is nothing to train on or a checkpoint is
   *     damaged, CONFLICT if the checkpoints are of another training
   */
  public static TrainingResult run(
      JavaSparkContext spark, TrainingPlan plan, TrainingListener listener) {
    throw new UnsupportedOperationException();
  }
}
