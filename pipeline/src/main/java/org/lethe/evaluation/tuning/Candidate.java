package org.lethe.evaluation.tuning;

import java.io.Serializable;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Settings to try.
 *
 * @param method name of the method
 * @param rate peak of the learning rate
 * @param gamma forget pressure, NaN for a method without one
 */
public record Candidate(String method, double rate, double gamma) implements Serializable {
  /** Returns a name for files and tables, such as {@code blur-npo-gamma0.1-rate3e-05}. */
  public String name() {
    return method + (Double.isNaN(gamma) ? "" : "-gamma" + number(gamma)) + "-rate" + number(rate);
  }

  /** The forget pressure, if the method has one. */
  public OptionalDouble pressure() {
    return Double.isNaN(gamma) ? OptionalDouble.empty() : OptionalDouble.of(gamma);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value)
        .replaceAll("(\\.\\d*?)0+(?=e|$)", "$1")
        .replaceAll("\\.(?=e|$)", "")
        .replace("+", "");
  }
}
