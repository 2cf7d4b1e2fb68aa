package org.lethe.reveal;

/**
 * Bounds of the filters.
 *
 * @param shortestProse fewest words of prose
 * @param shortestAnswer fewest words of an answer
 * @param mostRepetition largest share of repeated word n-grams
 * @param leastRelevance what the oracle must say at least
 * @param leastContrast the knowledge contrast must be above it, where it was measured
 * @param agreementShare least share of the answers to the same question that say the same
 * @param agreementSamples fewest answers to a question for agreement to be asked for
 * @param nearDuplicate Jaccard similarity of word 5-grams from which texts are nearly the same
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

  /** The suggestions of reveal.md, section 6. */
  public static FilterSettings defaults() {
    return new FilterSettings(20, 1, 0.5, 0.5, 0, 0.6, 5, 0.8, 0.05);
  }
}
