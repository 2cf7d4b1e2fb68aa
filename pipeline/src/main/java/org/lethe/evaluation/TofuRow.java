package org.lethe.evaluation;

/**
 * What TOFU measures on one question. Losses are means over the tokens of an answer.
 *
 * @param set which of the four sets
 * @param id of the question within its set
 * @param answerLoss of the answer
 * @param rougeRecall ROUGE-L recall of the greedy answer
 * @param correctLoss of the paraphrased answer; of the answer itself where there is no paraphrase
 *     (real authors, world facts)
 * @param wrongLosses of the perturbed answers, at least one
 */
public record TofuRow(
    TofuSet set,
    String id,
    double answerLoss,
    double rougeRecall,
    double correctLoss,
    double[] wrongLosses) {

  /**
   * The probability that TOFU averages: of the answer, or, where the set has fixed alternatives, by
   * the sum over all answers.
   */
  public double probability() {
    return switch (set) {
      case FORGET, RETAIN -> AnswerLikelihood.probability(answerLoss);
      case REAL_AUTHORS, WORLD_FACTS ->
          AnswerLikelihood.normalisedProbability(answerLoss, wrongLosses);
    };
  }

  /** R of {@link TruthRatio}. */
  public double truthRatio() {
    return TruthRatio.of(correctLoss, wrongLosses);
  }

  /** The reading of R that TOFU averages for this set. */
  public double truth() {
    return set == TofuSet.FORGET
        ? TruthRatio.closeness(truthRatio())
        : TruthRatio.preference(truthRatio());
  }
}
