package org.lethe.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/** The area under the ROC curve: the Mann-Whitney statistic divided by the number of pairs. */
public final class AreaUnderCurve {
  private AreaUnderCurve() {}

  private record Scored(double score, int positive) {}

  /**
   * Returns the probability that a positive scores higher than a negative; ties count one half.
   * Both arrays need at least one value and no NaN.
   */
  public static double of(double[] positives, double[] negatives) {
    if (positives.length == 0 || negatives.length == 0) {
      throw new IllegalArgumentException(
          "Invalid samples: "
              + positives.length
              + " positives and "
              + negatives.length
              + " negatives, expected at least one of each");
    }
    Scored[] all = new Scored[positives.length + negatives.length];
    for (int i = 0; i < all.length; i++) {
      boolean positive = i < positives.length;
      double score = positive ? positives[i] : negatives[i - positives.length];
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("Invalid score: NaN");
      }
      all[i] = new Scored(score + 0.0, positive ? 1 : 0); // -0.0 ties with 0.0
    }
    Arrays.sort(all, Comparator.comparingDouble(Scored::score));
    long negativesBelow = 0;
    double wins = 0;
    for (int start = 0, end; start < all.length; start = end) {
      end = start;
      long positivesHere = 0;
      while (end < all.length && all[end].score == all[start].score) {
        positivesHere += all[end++].positive;
      }
      long negativesHere = end - start - positivesHere;
      wins += positivesHere * (negativesBelow + negativesHere / 2.0);
      negativesBelow += negativesHere;
    }
    return wins / ((double) positives.length * negatives.length);
  }
}
