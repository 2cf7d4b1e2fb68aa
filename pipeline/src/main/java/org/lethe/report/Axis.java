package org.lethe.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An axis of a chart, with ticks at round numbers. */
sealed interface Axis {
  /** Returns the position of a value, from 0 to 1. */
  double place(double value);

  /** Returns the round numbers at which to draw lines. */
  List<Double> ticks();

  /** Returns a power of ten to factor out of all tick labels; 0 for none. */
  int power();

  /** Returns a linear axis that contains all values, with at most the given number of steps. */
  static Axis linear(double least, double most, int steps) {
    double low = least;
    double high = most;
    if (!(high - low > Math.abs(high) * 1e-9)) {
      double half = high == 0 ? 1 : Math.abs(high) / 2;
      low -= half;
      high += half;
    }
    double raw = (high - low) / steps;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = power;
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      step = factor * power;
      if (step >= raw * (1 - 1e-9)) {
        break;
      }
    }
    return new Linear(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
  }

  /** Returns a logarithmic axis over powers of ten. Values must be above 0. */
  static Axis logarithmic(double least, double most) {
    int low = (int) Math.floor(Math.log10(least));
    int high = (int) Math.ceil(Math.log10(most));
    return new Logarithmic(low, high == low ? low + 1 : high);
  }

  /** Equal steps. */
  record Linear(double low, double high, double step) implements Axis {
    @Override
    public double place(double value) {
      return (value - low) / (high - low);
    }

    @Override
    public int power() {
      double most = Math.max(Math.abs(low), Math.abs(high));
      return most < 0.01 || most >= 1e5 ? (int) Math.floor(Math.log10(most) + 1e-9) : 0;
    }

    @Override
    public List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      long count = Math.round((high - low) / step);
      for (long i = 0; i <= count; i++) {
        double tick = low + i * step;
        ticks.add(Math.abs(tick) < step * 1e-9 ? 0 : tick);
      }
      return ticks;
    }
  }

  /** Powers of ten. */
  record Logarithmic(int low, int high) implements Axis {
    @Override
    public double place(double value) {
      return (Math.log10(value) - low) / (high - low);
    }

    @Override
    public int power() {
      return 0;
    }

    @Override
    public List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      int stride = Math.max(1, (int) Math.ceil((high - low) / 5.0));
      for (int power = low; power <= high; power += stride) {
        ticks.add(Math.pow(10, power));
      }
      return ticks;
    }
  }

  /** Returns a short label without trailing zeros. */
  static String label(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 9.99e-4 || size >= 1e5)) {
      int power = (int) Math.floor(Math.log10(size) + 1e-9);
      double mantissa = value / Math.pow(10, power);
      String front =
          Math.abs(Math.abs(mantissa) - 1) < 1e-6
              ? (mantissa < 0 ? "−" : "")
              : trimmed(String.format(Locale.ROOT, "%.2f", mantissa)) + "·";
      return front + "10" + superscript(power);
    }
    return trimmed(String.format(Locale.ROOT, "%.4f", value)).replace('-', '−');
  }

  private static String trimmed(String number) {
    return number.contains(".") ? number.replaceAll("0+$", "").replaceAll("\\.$", "") : number;
  }

  private static String superscript(int power) {
    StringBuilder text = new StringBuilder();
    for (char c : String.valueOf(power).toCharArray()) {
      text.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
    }
    return text.toString();
  }
}
