package org.lethe.reveal.filter;

/**
 * Bounds of the filters.
 *
 * @param shortestProse minimum generated words of prose
 * @param shortestAnswer minimum generated words of an answer
 * @param mostRepetition maximum share of repeated word 4-grams, or of a loop at the end
 * @param leastRelevance minimum relevance by the oracle
 * @param leastContrast value that the knowledge contrast must exceed, if measured
 * @param agreement what answers must agree in
 * @param agreementShare minimum share of the answers about the same attribute that agree
 * @param agreementSamples minimum answers about an attribute for the agreement filter to apply
 * @param nearDuplicate minimum Jaccard similarity of word 5-grams for near duplicates
 * @param outlierShare share of the prose, most unlike the rest, that is dropped
 */
public record FilterSettings(
    int shortestProse,
    int shortestAnswer,
    double mostRepetition,
    double leastRelevance,
    double leastContrast,
    Agreement agreement,
    double agreementShare,
    int agreementSamples,
    double nearDuplicate,
    double outlierShare) {

  /** What answers must agree in. */
  public enum Agreement {
    /** Their words. Suits answers of a few words. */
    WORDS,
    /** Their names and numbers. Suits answers in whole sentences. */
    FACTS
  }

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
   * Our own choice: prose of 20 words, repetition 0.3, relevance 0.5, contrast above 0, 2 of 5
   * answers (samples have all temperatures), similarity 0.8, outliers 5 percent.
   */
  public static FilterSettings defaults() {
    return new FilterSettings(20, 1, 0.3, 0.5, 0, Agreement.WORDS, 0.4, 5, 0.8, 0.05);
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
