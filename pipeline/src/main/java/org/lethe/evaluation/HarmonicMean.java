package org.lethe.evaluation;

import java.util.Collection;

/** The harmonic mean, by which benchmarks join scores so that one failure spoils the whole. */
public final class HarmonicMean {
  private HarmonicMean() {}

  /** n / sum of 1/v for at least one value, none negative; 0 where any value is 0. */
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
