package org.lethe.evaluation;

/**
 * How much of an answer the model knows by heart, from whether its first choice under teacher
 * forcing is the answer's token at each place. The end token is left out, as open-unlearning does.
 */
public final class Memorisation {
  private Memorisation() {}

  /** Share of places where the first choice is right; 0 for an empty answer. */
  public static double exactMemorisation(boolean[] hits) {
    int right = 0;
    for (boolean hit : hits) {
      right += hit ? 1 : 0;
    }
    return hits.length == 0 ? 0 : (double) right / hits.length;
  }

  /**
   * 1 - k/T for the smallest k from which on all first choices are right. Where even the last is
   * wrong, open-unlearning takes k = T - 1, so that no answer scores below 1/T; kept, since
   * published figures rest on it. 0 for an empty answer.
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
