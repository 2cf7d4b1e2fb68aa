package org.lethe.model;

import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/** The weights of the golden files, for tests of other packages. */
public final class GoldenWeights {
  private GoldenWeights() {}

  /** Weights from the formula of tests/parity/make_tiny_golden.py. */
  public static WeightSource formula() {
    return new FormulaWeights();
  }

  /** As {@link #formula()}, with a prefix before each name, for a second model. */
  public static WeightSource formula(String prefix) {
    FormulaWeights formula = new FormulaWeights();
    return new WeightSource() {
      @Override
      public boolean contains(String name) {
        return true;
      }

      @Override
      public void read(String name, TensorValues target) {
        formula.read(prefix + name, target);
      }
    };
  }
}
