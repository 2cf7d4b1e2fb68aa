package org.lethe.model;

/** The weights of the golden files, for tests of other packages. */
public final class GoldenWeights {
  private GoldenWeights() {}

  /** By the formula of tests/parity/make_tiny_golden.py. */
  public static WeightSource formula() {
    return new FormulaWeights();
  }
}
