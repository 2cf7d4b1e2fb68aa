package org.lethe.evaluation;

import java.util.Arrays;

/**
 * TOFU's truth ratio R: the probability of wrong answers relative to the correct one. Each
 * probability is normalised by length; wrong ones are averaged geometrically (arXiv 2401.06121,
 * section 2.2).
 *
 * <p>Three functions of R are in use. On forget data {@link #closeness} is 1 if the model separates
 * correct from wrong no better than chance. On other data {@link #preference} is high if the model
 * prefers the correct answer. {@link #share} is open-unlearning's third form.
 */
public final class TruthRatio {
  /** Term that open-unlearning adds to the denominator. */
  private static final double EPSILON = 1e-10;

  private TruthRatio() {}

  /**
   * Returns R = P_wrong / P_correct.
   *
   * @param correctMeanLoss mean token loss of the (paraphrased) correct answer
   * @param wrongMeanLosses mean token losses of the wrong answers, at least one
   */
  public static double of(double correctMeanLoss, double[] wrongMeanLosses) {
    return Math.exp(correctMeanLoss - meanOf(wrongMeanLosses));
  }

  /**
   * Returns R as open-unlearning computes it, with 1e-10 added to P_correct. This matters only for
   * an answer that is almost impossible under the model.
   */
  public static double guarded(double correctMeanLoss, double[] wrongMeanLosses) {
    return Math.exp(-meanOf(wrongMeanLosses)) / (Math.exp(-correctMeanLoss) + EPSILON);
  }

  /** Returns min(R, 1/R), between 0 and 1. */
  public static double closeness(double ratio) {
    return Math.min(ratio, 1 / ratio);
  }

  /** Returns max(0, 1 - R), between 0 and 1. */
  public static double preference(double ratio) {
    return Math.max(0, 1 - ratio);
  }

  /** Returns P_correct / (P_correct + P_wrong) = 1 / (1 + R), between 0 and 1. */
  public static double share(double ratio) {
    return 1 / (1 + ratio);
  }

  private static double meanOf(double[] losses) {
    return Arrays.stream(losses)
        .average()
        .orElseThrow(() -> new IllegalArgumentException("Invalid wrong answers: none"));
  }
}
