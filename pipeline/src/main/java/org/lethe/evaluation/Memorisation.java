package org.lethe.evaluation;

/**
 * How much of an answer the model has memorised: whether its first choice under teacher forcing is
 * the answer's token at each position. Leaves out the end token, as open-unlearning does.
 */
public final class Memorisation {
  private Memorisation() {}

  /** Returns the share of positions where the first choice is correct; 0 for an empty answer. */
  public static double exactMemorisation(boolean[] hits) {
    int right = 0;
    for (boolean hit : hits) {
      right += hit ? 1 : 0;
    }
    return hits.length == 0 ? 0 : (double) right / hits.length;
  }

  /**
   * Returns 1 - k/T for the smallest k from which all first choices are correct. If even the last
   * one is wrong, open-unlearning takes k = T - 1, so that no answer scores below 1/T. We keep this
   * because published figures depend on it. 0 for an empty answer.
   */
  public static double extractionStrength(boolean[] hits) {
    int length = hits.length;
    if (length == 0) {
      return 0;
    }
    int start = length;
    while (start > 0 && hits[start - 1]) {
      start--;
    }
    return 1 - (double) Math.min(start, length - 1) / length;
  }
}
