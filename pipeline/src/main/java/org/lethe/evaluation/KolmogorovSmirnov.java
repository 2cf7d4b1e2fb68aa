package org.lethe.evaluation;

import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * The two-sided two-sample Kolmogorov-Smirnov test with the exact distribution. TOFU's forget
 * quality needs it: its p-values reach 1e-239, where the asymptotic series is wrong by many orders
 * of magnitude.
 */
public final class KolmogorovSmirnov {
  private KolmogorovSmirnov() {}

  /**
   * Result of a test.
   *
   * @param statistic the largest distance between the two empirical distributions
   * @param pValue the probability of that distance or a larger one if both samples come from one
   *     distribution
   */
  public record Result(double statistic, double pValue) {}

  /** Compares two samples of at least two values each, without NaN. */
  public static Result test(double[] first, double[] second) {
    KolmogorovSmirnovTest.TwoResult result =
        KolmogorovSmirnovTest.withDefaults().with(PValueMethod.EXACT).test(first, second);
    return new Result(result.getStatistic(), result.getPValue());
  }
}
