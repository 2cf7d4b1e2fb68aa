package org.lethe.evaluation;

import java.util.Collection;

/** The harmonic mean. Benchmarks combine scores with it, so that one failure lowers the whole. */
public final class HarmonicMean {
  private HarmonicMean() {}

  /** Returns n / sum of 1/v for at least one non-negative value; 0 if any value is 0. */
  public static double of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Invalid values: none");
    }
    double sum = 0;
    for (double value : values) {
      if (!(value >= 0)) {
        throw new IllegalArgumentException("Invalid value: " + value + ", expected at least 0");
      }
      sum += 1 / value;
    }
    return values.size() / sum;
  }
}
