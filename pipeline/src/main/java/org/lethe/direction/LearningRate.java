package org.lethe.direction;

import java.io.Serializable;
import java.util.Locale;

/** The step size as a function of the step: warm-up from 0, then one of three shapes. */
public sealed interface LearningRate extends Serializable {
  /**
   * Returns the rate of a step. The first step of a warm-up of n already has peak / n, so that no
   * step is without effect.
   *
   * @param step counted from 0
   * @param totalSteps steps of the whole training
   */
  double at(long step, long totalSteps);

  /**
   * A constant rate.
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

  /**
   * A schedule that probes of the retain loss correct: the automatic rate of NGDiff (arXiv
   * 2410.22086), which is GeN's. Every k steps a {@link Parabola} is fitted to the loss along the
   * last step and its mirror image. Its lowest point shows how long the step should have been. The
   * correction is a separate factor in the training's state.
   *
   * <p>Safeguards. GeN's public code has the bounds of one correction and the smoothing; it halves
   * the rate whenever the fit fails. Here:
   *
   * <ul>
   *   <li>the loss does not fall along the step, or is not finite ahead of it: the target is half
   *       the rate, the minimum;
   *   <li>it falls, but the parabola bends downwards and has no lowest point: the rate stays;
   *   <li>otherwise the target is the lowest point, between half and twice the rate;
   *   <li>factor = smoothing * factor + (1 - smoothing) * factor * target, within fixed bounds.
   * </ul>
   *
   * @param schedule the schedule to correct
   * @param every optimizer steps between probes
   * @param smoothing weight of the past, in [0, 1); 0.9 in GeN's code
   * @param least bound of the factor, above 0
   * @param most bound of the factor, 1 or more
   */
  record Automatic(LearningRate schedule, int every, double smoothing, double least, double most)
      implements LearningRate {
    private static final double LARGEST_CHANGE = 2;

    public Automatic {
      if (every < 1) {
        throw new IllegalArgumentException(
            "Invalid probe interval: " + every + " steps, expected at least 1");
      }
      if (!(smoothing >= 0 && smoothing < 1)) {
        throw new IllegalArgumentException(
            "Invalid smoothing: " + smoothing + ", expected 0 <= smoothing < 1");
      }
      if (!(least > 0 && least <= 1 && most >= 1 && Double.isFinite(most))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid bounds of the automatic rate: %s to %s, expected 0 < least <= 1 <= most",
                least,
                most));
      }
    }

    /** Returns the schedule's rate, before the factor. */
    @Override
    public double at(long step, long totalSteps) {
      return schedule.at(step, totalSteps);
    }

    /** Whether a probe is due at one of the steps after {@code done}, up to {@code next}. */
    public boolean isDue(long done, long next) {
      return next / every > done / every;
    }

    /** Returns the factor after a probe. */
    public double corrected(double factor, Parabola probe) {
      double smoothed = factor * (smoothing + (1 - smoothing) * target(probe));
      return Math.min(most, Math.max(least, smoothed));
    }

    private static double target(Parabola probe) {
      if (!probe.isFinite() || !probe.descends()) {
        return 1 / LARGEST_CHANGE;
      }
      double lowest = probe.lowest().orElse(1);
      return Math.min(LARGEST_CHANGE, Math.max(1 / LARGEST_CHANGE, lowest));
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
