package org.lethe.evaluation;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
 * @param newTokensOf sets with a limit of their own in place of {@code maxNewTokens}; 0: no text is
 *     generated, for sets of alternatives and plain texts
 * @param gradientNormOf sets of whose rows the norm of the gradient is measured
 */
public record EvaluationSettings(
    int batchSize,
    Generation generation,
    int maxNewTokens,
    int answerMargin,
    int rowLimit,
    long seed,
    Map<String, Integer> newTokensOf,
    Set<String> gradientNormOf)
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
    newTokensOf = new TreeMap<>(newTokensOf);
    gradientNormOf = new TreeSet<>(gradientNormOf);
    newTokensOf.forEach(
        (set, tokens) -> {
          if (tokens < 0) {
            throw new IllegalArgumentException(
                "Invalid number of new tokens: " + tokens + " of set " + set);
          }
        });
  }

  /** All sets alike. */
  public EvaluationSettings(
      int batchSize,
      Generation generation,
      int maxNewTokens,
      int answerMargin,
      int rowLimit,
      long seed) {
    this(batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, Map.of(), Set.of());
  }

  /** The same with limits of some sets. */
  public EvaluationSettings withNewTokensOf(Map<String, Integer> limits) {
    return new EvaluationSettings(
        batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, limits, gradientNormOf);
  }

  /** The same with the norms of gradients of some sets. */
  public EvaluationSettings withGradientNormOf(Set<String> sets) {
    return new EvaluationSettings(
        batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, newTokensOf, sets);
  }

  /** Batches of 16, greedy, at most 256 new tokens, margin 16, all rows, seed 42. */
  public static EvaluationSettings defaults() {
    return new EvaluationSettings(16, Generation.GREEDY, 256, 16, ALL_ROWS, 42);
  }

  /** Whether text is generated for rows of a set. */
  boolean generates(String set) {
    return generation == Generation.GREEDY && newTokensOf.getOrDefault(set, maxNewTokens) > 0;
  }

  /** Whether a set's rows are only scored, with neither texts nor gradients. */
  boolean scoresOnly(String set) {
    return !generates(set) && !gradientNormOf.contains(set);
  }

  /** Most tokens to generate for an answer of that many tokens, end token included. */
  int newTokens(String set, int completionTokens) {
    int most = newTokensOf.getOrDefault(set, maxNewTokens);
    return (int) Math.min(most, (long) completionTokens + answerMargin);
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + ", expected at least 1");
    }
  }
}
