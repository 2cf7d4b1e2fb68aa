package org.lethe.evaluation;

import java.io.Serializable;

/**
 * How to evaluate.
 *
 * @param batchSize sequences in one forward pass, at least 1
 * @param generation whether texts are generated
 * @param maxNewTokens most tokens to generate for one row, at least 1
 * @param answerMargin a row's own limit is its completion's length plus this many tokens, which
 *     makes generation much faster where answers are short; at least 1, so that a model that does
 *     not stop after the answer is seen; {@link #NO_ANSWER_LIMIT} leaves only maxNewTokens, as the
 *     benchmarks' authors do
 * @param rowLimit most rows evaluated of one set, chosen by seed; {@link #ALL_ROWS} for all
 * @param seed of the choice of rows and of the confidence intervals
 */
public record EvaluationSettings(
    int batchSize,
    Generation generation,
    int maxNewTokens,
    int answerMargin,
    int rowLimit,
    long seed)
    implements Serializable {

  /** As {@code answerMargin}: rows have no limit of their own. */
  public static final int NO_ANSWER_LIMIT = Integer.MAX_VALUE;

  /** As {@code rowLimit}: every row is evaluated. */
  public static final int ALL_ROWS = Integer.MAX_VALUE;

  /** Whether texts are generated. */
  public enum Generation {
    /** The most probable token at each step. */
    GREEDY,
    /** Losses only. */
    NONE
  }

  public EvaluationSettings {
    positive("batch size", batchSize);
    positive("number of new tokens", maxNewTokens);
    positive("answer margin", answerMargin);
    positive("row limit", rowLimit);
  }

  /** Batches of 16, greedy, at most 256 new tokens, margin 16, all rows, seed 42. */
  public static EvaluationSettings defaults() {
    return new EvaluationSettings(16, Generation.GREEDY, 256, 16, ALL_ROWS, 42);
  }

  /** Most tokens to generate for an answer of that many tokens, end token included. */
  int newTokens(int completionTokens) {
    return (int) Math.min(maxNewTokens, (long) completionTokens + answerMargin);
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + ", expected at least 1");
    }
  }
}
