package org.lethe.direction;

import java.util.Locale;

/** Bounds that several directions share. */
final class Checks {
  private Checks() {}

  static void notNegative(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + ", expected 0 or more");
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + ", expected above 0");
    }
  }

  static void blur(double gamma, double zeroNorm) {
    notNegative("gamma", gamma);
    notNegative("zero norm", zeroNorm);
  }

  static void weights(double forget, double retain) {
    if (!(forget >= 0 && retain >= 0 && forget + retain > 0 && Double.isFinite(forget + retain))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid weights: forget %s, retain %s, expected 0 or more and not both 0",
              forget,
              retain));
    }
  }
}
