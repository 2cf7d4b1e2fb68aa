package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  public static Figure of(double[] values, long seed) {
    return ofColumns(List.of(values), seed).get(0);
  }

  /**
   * Returns the figure of each column, as {@link #of} does. The resamples of one seed choose the
   * same rows in every column, so each choice is drawn once for all of them.
   *
   * @param columns values by row, all of the same number of rows
   */
  static List<Figure> ofColumns(List<double[]> columns, long seed) {
    if (columns.isEmpty()) {
      return List.of();
    }
    int rows = columns.get(0).length;
    int width = columns.size();
    // By row, because a resample reads all columns of a row at once.
    double[] table = new double[Math.multiplyExact(rows, width)];
    for (int c = 0; c < width; c++) {
      for (int r = 0; r < rows; r++) {
        table[r * width + c] = columns.get(c)[r];
      }
    }
    double[][] means = new double[width][RESAMPLES];
    SplittableRandom random = new SplittableRandom(seed);
    double[] sums = new double[width];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < rows; i++) {
        int row = random.nextInt(rows) * width;
        for (int c = 0; c < width; c++) {
          sums[c] += table[row + c];
        }
      }
      for (int c = 0; c < width; c++) {
        means[c][resample] = sums[c] / rows;
      }
    }
    List<Figure> figures = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      figures.add(of(columns.get(c), means[c]));
    }
    return figures;
  }

  private static Figure of(double[] values, double[] means) {
    double mean = Arrays.stream(values).average().orElseThrow();
    Arrays.sort(means);
    double low = means[(int) (TAIL * RESAMPLES)];
    double high = means[RESAMPLES - 1 - (int) (TAIL * RESAMPLES)];
    // With few rows, rounding can put the mean itself outside the interval.
    return new Figure(mean, Math.min(low, mean), Math.max(high, mean), values.length);
  }
}
