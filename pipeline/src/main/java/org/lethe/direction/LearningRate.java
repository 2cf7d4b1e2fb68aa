package org.lethe.direction;

import java.io.Serializable;

/** The step size as a function of the step: warm-up from 0, then one of three shapes. */
public sealed interface LearningRate extends Serializable {
  /**
   * The rate of a step. The first step of a warm-up of n already has peak / n, so that no step is
   * without effect.
   *
   * @param step counted from 0
   * @param totalSteps steps of the whole training
   */
  double at(long step, long totalSteps);

  /**
   * The same rate throughout.
   *
   * @param peak rate after warm-up
   * @param warmupSteps steps in which the rate rises linearly
   */
  record Constant(double peak, long warmupSteps) implements LearningRate {
    public Constant {
      check(peak, warmupSteps);
    }

    @Override
    public double at(long step, long totalSteps) {
      return peak * warmup(step, warmupSteps);
    }
  }

  /** Falls linearly to 0, which the step after the last would have. */
  record Linear(double peak, long warmupSteps) implements LearningRate {
    public Linear {
      check(peak, warmupSteps);
    }

    @Override
    public double at(long step, long totalSteps) {
      double left = 1 - progress(step, warmupSteps, totalSteps);
      return peak * warmup(step, warmupSteps) * left;
    }
  }

  /**
   * Falls along half a cosine to a share of the peak, which the step after the last would have.
   *
   * @param peak rate after warm-up
   * @param warmupSteps steps in which the rate rises linearly
   * @param finalShare from 0 to 1
   */
  record Cosine(double peak, long warmupSteps, double finalShare) implements LearningRate {
    public Cosine {
      check(peak, warmupSteps);
      if (!(finalShare >= 0 && finalShare <= 1)) {
        throw new IllegalArgumentException(
            "Invalid final share: " + finalShare + ", expected 0 to 1");
      }
    }

    @Override
    public double at(long step, long totalSteps) {
      double left = (1 + Math.cos(Math.PI * progress(step, warmupSteps, totalSteps))) / 2;
      return peak * warmup(step, warmupSteps) * (finalShare + (1 - finalShare) * left);
    }
  }

  private static double warmup(long step, long warmupSteps) {
    return step >= warmupSteps ? 1 : (step + 1.0) / warmupSteps;
  }

  private static double progress(long step, long warmupSteps, long totalSteps) {
    if (step < warmupSteps || totalSteps <= warmupSteps) {
      return 0;
    }
    return Math.min(1, (double) (step - warmupSteps) / (totalSteps - warmupSteps));
  }

  private static void check(double peak, long warmupSteps) {
    if (!(peak >= 0 && Double.isFinite(peak))) {
      throw new IllegalArgumentException("Invalid learning rate: " + peak + ", expected 0 or more");
    }
    if (warmupSteps < 0) {
      throw new IllegalArgumentException(
          "Invalid warm-up: " + warmupSteps + " steps, expected 0 or more");
    }
  }
}
