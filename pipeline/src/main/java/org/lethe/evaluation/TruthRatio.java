package org.lethe.evaluation;

import java.util.Arrays;

/**
 * TOFU's truth ratio R: how probable wrong answers are against the right one, each probability
 * normalised by length, wrong ones averaged geometrically (arXiv 2401.06121, section 2.2).
 *
 * <p>Three readings are in use. On forget data {@link #closeness} is 1 where the model tells right
 * from wrong no better than chance. Elsewhere {@link #preference} is high where the model prefers
 * the right answer. {@link #share} is open-unlearning's third form.
 */
public final class TruthRatio {
  /** Added to the denominator by open-unlearning. */
  private static final double EPSILON = 1e-10;

  private TruthRatio() {}

  /**
   * R = P_wrong / P_correct.
   *
   * @param correctMeanLoss mean token loss of the (paraphrased) right answer
   * @param wrongMeanLosses mean token losses of the wrong answers, at least one
   */
  public static double of(double correctMeanLoss, double[] wrongMeanLosses) {
    return Math.exp(correctMeanLoss - meanOf(wrongMeanLosses));
  }

  /**
   * R as open-unlearning computes it, with 1e-10 added to P_correct, which matters only for an
   * answer that the model finds all but impossible.
   */
  public static double guarded(double correctMeanLoss, double[] wrongMeanLosses) {
    return Math.exp(-meanOf(wrongMeanLosses)) / (Math.exp(-correctMeanLoss) + EPSILON);
  }

  /** min(R, 1/R), between 0 and 1. */
  public static double closeness(double ratio) {
    return Math.min(ratio, 1 / ratio);
  }

  /** max(0, 1 - R), between 0 and 1. */
  public static double preference(double ratio) {
    return Math.max(0, 1 - ratio);
  }

  /** P_correct / (P_correct + P_wrong) = 1 / (1 + R), between 0 and 1. */
  public static double share(double ratio) {
    return 1 / (1 + ratio);
  }

  private static double meanOf(double[] losses) {
    return Arrays.stream(losses)
        .average()
        .orElseThrow(() -> new IllegalArgumentException("Invalid wrong answers: none"));
  }
}
