package org.lethe.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean over rows with its 95 % confidence interval.
 *
 * @param mean the arithmetic mean
 * @param low lower bound
 * @param high upper bound
 * @param count number of rows with the metric, at least 1
 */
public record Figure(double mean, double low, double high, long count) {
  private static final int RESAMPLES = 1000;

  /** Probability outside the interval, on either side. */
  private static final double TAIL = 0.025;

  public Figure {
    if (!(low <= mean && mean <= high) || count < 1) {
      throw new IllegalArgumentException(
          "Invalid figure: " + mean + " in [" + low + ", " + high + "] of " + count + " rows");
    }
  }

  /**
   * Returns the mean of the values with its percentile bootstrap interval (Efron and Tibshirani,
   * 1993, section 13.3) over 1000 resamples. The same values in the same order and the same seed
   * give the same figure.
   */
  static Figure of(double[] values, long seed) {
    double mean = Arrays.stream(values).average().orElseThrow();
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += values[random.nextInt(values.length)];
      }
      means[r] = sum / values.length;
    }
    Arrays.sort(means);
    double low = means[(int) (TAIL * RESAMPLES)];
    double high = means[RESAMPLES - 1 - (int) (TAIL * RESAMPLES)];
    // With few rows, rounding can put the mean itself outside the interval.
    return new Figure(mean, Math.min(low, mean), Math.max(high, mean), values.length);
  }
}
