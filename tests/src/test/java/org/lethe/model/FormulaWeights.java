package org.lethe.model;

import org.lethe.tensor.TensorValues;
import org.lethe.tensor.WeightSource;

/** Weights from the integer formula of tests/parity/make_tiny_golden.py. */
final class FormulaWeights implements WeightSource {
  private static final long MASK = 0xFFFFFFFFL;

  @Override
  public boolean contains(String name) {
    return true;
  }

  @Override
  public void read(String name, TensorValues target) {
    long seed = 0;
    for (int j = 0; j < name.length(); j++) {
      seed += (long) (j + 1) * name.charAt(j);
    }
    double[] values = new double[(int) target.length()];
    for (int i = 0; i < values.length; i++) {
      long x = (i * 2654435761L + seed * 40503) & MASK;
      x ^= x >> 15;
      x = (x * 2246822519L) & MASK;
      x ^= x >> 13;
      double unit = x / (double) (1L << 31) - 1;
      if (name.endsWith("norm.weight")) {
        values[i] = 1 + 0.2 * unit;
      } else if (target.shape().length == 1) {
        values[i] = 0.1 * unit;
      } else {
        values[i] = Math.sqrt(3.0 / target.shape()[1]) * unit;
      }
    }
    target.put(0, values, 0, values.length);
  }
}
