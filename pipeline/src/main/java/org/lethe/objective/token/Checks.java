package org.lethe.objective.token;

/** Checks of parameters. */
final class Checks {
  private Checks() {}

  static void notNegative(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + ", expected 0 or more");
    }
  }
}
