package org.lethe.model.generation;

import java.util.Arrays;

/**
 * Finds the fewest largest logits whose probabilities reach a share (top-p, Holtzman et al., arXiv
 * 1904.09751). Sorting a vocabulary of 49,152 takes longer than reading a token with a model of 135
 * million weights, so logits are counted in cells of equal width and one cell is sorted.
 */
final class Nucleus {
  private static final int CELLS = 1024;

  private final double[] weights = new double[CELLS];
  private float[] sorted = new float[64];

  /**
   * Returns the smallest logit that is kept. Tokens with equal logits are kept or dropped together.
   *
   * @param logits of all tokens
   * @param largest of the logits
   * @param least logits below it have no part
   * @param share of the probability to keep, below 1
   */
  float leastKept(float[] logits, float largest, float least, double temperature, double share) {
    double scale = CELLS / Math.max((double) largest - least, Float.MIN_NORMAL);
    Arrays.fill(weights, 0);
    for (float logit : logits) {
      if (logit >= least) {
        weights[cell(logit, largest, scale)] += weight(logit, largest, temperature);
      }
    }
    double left = share * Arrays.stream(weights).sum();
    int cell = 0;
    while (cell < CELLS - 1 && left > weights[cell]) {
      left -= weights[cell];
      cell++;
    }
    int count = sort(logits, largest, least, scale, cell);
    int kept = count - 1;
    left -= weight(sorted[kept], largest, temperature);
    while (left > 0 && kept > 0) {
      kept--;
      left -= weight(sorted[kept], largest, temperature);
    }
    return sorted[kept];
  }

  private static int cell(float logit, float largest, double scale) {
    return Math.min(CELLS - 1, (int) (((double) largest - logit) * scale));
  }

  private static double weight(float logit, float largest, double temperature) {
    return Math.exp(((double) logit - largest) / temperature);
  }

  /** Sorts the logits of a cell in rising order. Returns their number. */
  private int sort(float[] logits, float largest, float least, double scale, int cell) {
    int count = 0;
    for (float logit : logits) {
      if (logit >= least && cell(logit, largest, scale) == cell) {
        if (count == sorted.length) {
          sorted = Arrays.copyOf(sorted, 2 * count);
        }
        sorted[count++] = logit;
      }
    }
    Arrays.sort(sorted, 0, count);
    return count;
  }
}
