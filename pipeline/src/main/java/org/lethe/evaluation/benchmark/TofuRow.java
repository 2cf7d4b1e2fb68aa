package org.lethe.evaluation.benchmark;

import org.lethe.evaluation.AnswerLikelihood;
import org.lethe.evaluation.TruthRatio;

/**
 * TOFU's measurements of one question. Losses are means over the tokens of an answer.
 *
 * @param set one of the four sets
 * @param id id of the question within its set
 * @param answerLoss loss of the answer
 * @param rougeRecall ROUGE-L recall of the greedy answer
 * @param correctLoss loss of the paraphrased answer; of the answer itself if there is no paraphrase
 *     (real authors, world facts)
 * @param wrongLosses losses of the perturbed answers, at least one
 */
public record TofuRow(
    TofuSet set,
    String id,
    double answerLoss,
    double rougeRecall,
    double correctLoss,
    double[] wrongLosses) {

  /**
   * Returns the probability that TOFU averages: that of the answer, or, if the set has fixed
   * alternatives, divided by the sum over all answers.
   */
  public double probability() {
    return switch (set) {
      case FORGET, RETAIN -> AnswerLikelihood.probability(answerLoss);
      case REAL_AUTHORS, WORLD_FACTS ->
          AnswerLikelihood.normalisedProbability(answerLoss, wrongLosses);
    };
  }

  /** Returns R of {@link TruthRatio}. */
  public double truthRatio() {
    return TruthRatio.of(correctLoss, wrongLosses);
  }

  /** Returns the function of R that TOFU averages for this set. */
  public double truth() {
    return set == TofuSet.FORGET
        ? TruthRatio.closeness(truthRatio())
        : TruthRatio.preference(truthRatio());
  }
}
