package org.lethe.evaluation;

import java.util.Arrays;

/** Likelihood of an answer, normalised by its length (TOFU, arXiv 2401.06121, section 2.2). */
public final class AnswerLikelihood {
  private AnswerLikelihood() {}

  /** Returns the mean negative log-likelihood of the tokens, in nats. Needs at least one token. */
  public static double meanLoss(double[] tokenLosses) {
    return Arrays.stream(tokenLosses)
        .average()
        .orElseThrow(() -> new IllegalArgumentException("Invalid token losses: none"));
  }

  /** Returns exp(-mean loss), the answer's probability to the power of 1 / length. */
  public static double probability(double meanLoss) {
    return Math.exp(-meanLoss);
  }

  /**
   * Returns the correct answer's probability divided by the sum over all answers. TOFU reports this
   * for real authors and world facts.
   */
  public static double normalisedProbability(double correctMeanLoss, double[] wrongMeanLosses) {
    double correct = probability(correctMeanLoss);
    double wrong = Arrays.stream(wrongMeanLosses).map(AnswerLikelihood::probability).sum();
    return correct / (correct + wrong);
  }

  /** Returns exp(mean loss) over all tokens of plain texts, given each text's token losses. */
  public static double perplexity(Iterable<double[]> tokenLosses) {
    double sum = 0;
    long tokens = 0;
    for (double[] losses : tokenLosses) {
      sum += Arrays.stream(losses).sum();
      tokens += losses.length;
    }
    if (tokens == 0) {
      throw new IllegalArgumentException("Invalid token losses: none");
    }
    return Math.exp(sum / tokens);
  }
}
