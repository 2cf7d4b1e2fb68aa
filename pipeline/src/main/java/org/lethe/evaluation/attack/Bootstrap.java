package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lethe.evaluation.Figure;

/**
 * Percentile bootstrap intervals (Efron and Tibshirani, 1993, section 13.3) of statistics that are
 * not means over rows. 1000 resamples, 95 %.
 */
final class Bootstrap {
  private static final int RESAMPLES = 1000;
  private static final double TAIL = 0.025;

  private Bootstrap() {}

  /** A statistic of two samples, given the indices drawn from each. */
  interface OfTwo {
    double of(int[] first, int[] second);
  }

  /** Returns the figure of a statistic of rows, given the indices of the rows. */
  static Figure of(int rows, ToDoubleFunction<int[]> statistic, long seed) {
    return of(rows, 0, (drawn, none) -> statistic.applyAsDouble(drawn), seed);
  }

  /** Returns the figure of a statistic of two samples that are drawn separately. */
  static Figure of(int first, int second, OfTwo statistic, long seed) {
    double value =
        statistic.of(IntStream.range(0, first).toArray(), IntStream.range(0, second).toArray());
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      drawn[r] = statistic.of(indices(first, random), indices(second, random));
    }
    Arrays.sort(drawn);
    double low = drawn[(int) (TAIL * RESAMPLES)];
    double high = drawn[RESAMPLES - 1 - (int) (TAIL * RESAMPLES)];
    return new Figure(value, Math.min(low, value), Math.max(high, value), first);
  }

  private static int[] indices(int count, SplittableRandom random) {
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = random.nextInt(count);
    }
    return indices;
  }
}
