package org.lethe.reveal.filter;

/**
 * Bounds of the filters.
 *
 * @param shortestProse fewest generated words of prose
 * @param shortestAnswer fewest generated words of an answer
 * @param mostRepetition largest share of repeated word 4-grams, or of a loop at the end
 * @param leastRelevance what the oracle must say at least
 * @param leastContrast the knowledge contrast must be above it, where it was measured
 * @param agreementShare least share of the answers about the same attribute that say the same
 * @param agreementSamples fewest answers about an attribute for agreement to be asked for
 * @param nearDuplicate Jaccard similarity of word 5-grams from which prose is nearly the same
 * @param outlierShare share of the prose that is most unlike the rest, which is dropped
 */
public record FilterSettings(
    int shortestProse,
    int shortestAnswer,
    double mostRepetition,
    double leastRelevance,
    double leastContrast,
    double agreementShare,
    int agreementSamples,
    double nearDuplicate,
    double outlierShare) {

  public FilterSettings {
    least("shortest prose", shortestProse, 1);
    least("shortest answer", shortestAnswer, 1);
    share("largest repetition", mostRepetition);
    share("least relevance", leastRelevance);
    share("agreement share", agreementShare);
    least("agreement samples", agreementSamples, 1);
    share("near-duplicate similarity", nearDuplicate);
    share("outlier share", outlierShare);
    if (!Double.isFinite(leastContrast)) {
      throw new IllegalArgumentException("Invalid least contrast: " + leastContrast);
    }
    if (nearDuplicate == 0) {
      throw new IllegalArgumentException("Invalid near-duplicate similarity: 0, above 0");
    }
  }

  /**
   * Of our own choosing: prose of 20 words, repetition 0.3, relevance 0.5, contrast above 0, 2 of 5
   * answers (samples are of all temperatures), similarity 0.8, outliers 5 percent.
   */
  public static FilterSettings defaults() {
    return new FilterSettings(20, 1, 0.3, 0.5, 0, 0.4, 5, 0.8, 0.05);
  }

  private static void least(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + ", at least " + least);
    }
  }

  private static void share(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + ", from 0 to 1");
    }
  }
}
