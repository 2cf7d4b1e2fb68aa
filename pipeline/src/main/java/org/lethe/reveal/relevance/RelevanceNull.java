package org.lethe.reveal.relevance;

import java.util.Arrays;
import java.util.Collection;

/**
 * The ratios of what a model says about people who do not exist. It knows nothing about them, so
 * these ratios show what invention alone reaches. A response is relevant if few of them reach its
 * own ratio.
 */
public final class RelevanceNull {
  /** Relevance of a response at the false-accept rate. */
  public static final double ACCEPTED = 0.5;

  private final double[] ratios;
  private final int answers;
  private final double rate;

  /**
   * @param ratios ratios of the scored answers about invented names
   * @param answers number of answers; those that were not worth scoring reach no ratio
   * @param rate share of such answers that may be accepted, above 0; at least 1 / (answers + 1)
   */
  public RelevanceNull(Collection<Double> ratios, int answers, double rate) {
    if (ratios.size() > answers) {
      throw new IllegalArgumentException(
          "Invalid number of answers: " + answers + " for " + ratios.size() + " ratios");
    }
    if (!(rate > 0 && rate <= 1 && rate * (answers + 1) >= 1)) {
      throw new IllegalArgumentException(
          "Invalid false-accept rate: " + rate + " with " + answers + " answers");
    }
    this.ratios = ratios.stream().mapToDouble(ratio -> ratio).sorted().toArray();
    this.answers = answers;
    this.rate = rate;
  }

  /**
   * Returns (1 + number of null ratios that reach the ratio) / (1 + number of answers). If the
   * response's ratio is drawn like the null ratios, this is at most p with probability at most p.
   */
  public double pValue(double ratio) {
    return (1.0 + Arrays.stream(ratios).filter(other -> other >= ratio).count()) / (1 + answers);
  }

  /**
   * Returns a relevance from 0 to 1: 1 for a p-value of 0, {@link #ACCEPTED} at the false-accept
   * rate, 0 from twice the rate on.
   */
  public double relevance(double ratio) {
    return Math.max(0, 1 - pValue(ratio) * ACCEPTED / rate);
  }

  /** Returns the greatest ratio that is not accepted, or the least number. */
  public double threshold() {
    int reaching = (int) Math.floor(rate * (1 + answers)) - 1;
    return reaching < ratios.length ? ratios[ratios.length - 1 - reaching] : -Double.MAX_VALUE;
  }
}
