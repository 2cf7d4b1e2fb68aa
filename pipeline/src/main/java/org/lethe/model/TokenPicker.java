package org.lethe.model;

import java.util.SplittableRandom;

/** Chooses the next token of each sequence. */
@FunctionalInterface
interface TokenPicker {
  /**
   * The tokens of some rows.
   *
   * @param logits raw, [n, V]
   * @param first number of the first row among those of the step
   */
  int[] pick(Compute compute, Matrix logits, int first);

  /** The most probable token. */
  static TokenPicker greedy() {
    return (compute, logits, first) -> compute.largest(logits);
  }

  /**
   * A random token with probabilities softmax(logits / temperature).
   *
   * @param seeds one for each row of the step; a row's token depends on its own alone
   */
  static TokenPicker sampled(double temperature, long[] seeds) {
    return (compute, logits, first) -> {
      int[] tokens = new int[logits.rows()];
      for (int row = 0; row < tokens.length; row++) {
        double[] values = logits.rows(row, 1).array().toDoubleVector();
        tokens[row] = draw(values, temperature, new SplittableRandom(seeds[first + row]));
      }
      return tokens;
    };
  }

  private static int draw(double[] logits, double temperature, SplittableRandom random) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.exp((logits[i] - largest) / temperature);
      sum += logits[i];
    }
    double left = random.nextDouble() * sum;
    for (int i = 0; i < logits.length; i++) {
      left -= logits[i];
      if (left < 0) {
        return i;
      }
    }
    // Rounding left a little over.
    return logits.length - 1;
  }
}
