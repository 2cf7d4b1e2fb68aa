package org.lethe.reveal.relevance;

import java.util.Arrays;
import java.util.Collection;
import org.lethe.reveal.FactScores;

/**
 * The ratios that facts reach about names that they are not about. A response is relevant if few of
 * these ratios reach its own.
 */
public final class RelevanceNull {
  /** Relevance of a response at the false-accept rate. */
  public static final double ACCEPTED = 0.5;

  private final double[] ratios;

  private RelevanceNull(double[] ratios) {
    this.ratios = ratios.clone();
    Arrays.sort(this.ratios);
  }

  /** Collects the null ratios of all responses. */
  public static RelevanceNull of(Collection<FactScores> responses) {
    return ofRatios(
        responses.stream()
            .flatMap(scores -> scores.nullRatios().stream())
            .mapToDouble(ratio -> ratio)
            .toArray());
  }

  /** A null of given ratios. */
  static RelevanceNull ofRatios(double[] ratios) {
    return new RelevanceNull(ratios);
  }

  /** Number of ratios. With fewer than 1 / rate - 1, no response is accepted at a rate. */
  public int size() {
    return ratios.length;
  }

  /**
   * Returns (1 + number of null ratios that reach the ratio) / (1 + number of null ratios). If the
   * response's ratio is drawn like the null ratios, this is at most p with probability at most p.
   */
  public double pValue(FactScores response) {
    double ratio = response.ratio();
    int below = 0;
    int above = ratios.length;
    while (below < above) {
      int middle = (below + above) >>> 1;
      if (ratios[middle] < ratio) {
        below = middle + 1;
      } else {
        above = middle;
      }
    }
    return (1.0 + ratios.length - below) / (1 + ratios.length);
  }

  /** Whether at most the given share of such responses about other names would be accepted. */
  public boolean accepts(FactScores response, double falseAcceptRate) {
    return pValue(response) <= falseAcceptRate;
  }

  /**
   * Returns a relevance from 0 to 1: 1 for a p-value of 0, {@link #ACCEPTED} at the false-accept
   * rate, 0 from twice the rate on.
   */
  public double relevance(FactScores response, double falseAcceptRate) {
    return Math.max(0, 1 - pValue(response) * ACCEPTED / falseAcceptRate);
  }
}
