package org.lethe.evaluation;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of an evaluation.
 *
 * @param batchSize sequences in one forward pass, at least 1
 * @param generation whether to generate texts
 * @param maxNewTokens maximum number of new tokens per row, at least 1
 * @param answerMargin limits a row's text to the length of its completion plus this many tokens,
 *     except in sets to forget and in sets of {@code newTokensOf}. This makes generation much
 *     faster if answers are short. At least 1, so that a model that does not stop after the answer
 *     is noticed. A model may recite after a preamble, so such a figure is a lower bound: safe for
 *     data to keep, and never used for data to forget. {@link #NO_ANSWER_LIMIT} leaves only
 *     maxNewTokens
 * @param rowLimit maximum number of rows of one set, chosen by seed; {@link #ALL_ROWS} for all
 * @param seed seed of the choice of rows and of the confidence intervals
 * @param newTokensOf limits by set that replace {@code maxNewTokens} and the margin, as a
 *     benchmark's authors define them. The value 0 generates no text, for sets of alternatives and
 *     plain texts
 * @param gradientNormOf sets for whose rows the gradient norm is measured
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

  /** Value of {@code answerMargin} without a limit per row. */
  public static final int NO_ANSWER_LIMIT = Integer.MAX_VALUE;

  /** Value of {@code rowLimit} that evaluates every row. */
  public static final int ALL_ROWS = Integer.MAX_VALUE;

  /** Last word of the name of every set to forget. */
  private static final String FORGET = "forget";

  /** Whether to generate texts. */
  public enum Generation {
    /** The most probable token at each step. */
    GREEDY,
    /** No texts, losses only. */
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

  /** Uses the same limits for all sets. */
  public EvaluationSettings(
      int batchSize,
      Generation generation,
      int maxNewTokens,
      int answerMargin,
      int rowLimit,
      long seed) {
    this(batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, Map.of(), Set.of());
  }

  /** Returns the same settings with limits for some sets. */
  public EvaluationSettings withNewTokensOf(Map<String, Integer> limits) {
    return new EvaluationSettings(
        batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, limits, gradientNormOf);
  }

  /** Returns the same settings with gradient norms for some sets. */
  public EvaluationSettings withGradientNormOf(Set<String> sets) {
    return new EvaluationSettings(
        batchSize, generation, maxNewTokens, answerMargin, rowLimit, seed, newTokensOf, sets);
  }

  /** Batches of 16, greedy, at most 256 new tokens, margin 16, all rows, seed 42. */
  public static EvaluationSettings defaults() {
    return new EvaluationSettings(16, Generation.GREEDY, 256, 16, ALL_ROWS, 42);
  }

  /** Whether text is generated for the rows of a set. */
  boolean generates(String set) {
    return generation == Generation.GREEDY && newTokensOf.getOrDefault(set, maxNewTokens) > 0;
  }

  /** Whether a set's rows are only scored, without texts or gradients. */
  boolean scoresOnly(String set) {
    return !generates(set) && !gradientNormOf.contains(set);
  }

  /**
   * Returns the maximum number of new tokens for an answer with that many tokens, end token
   * included.
   */
  int newTokens(String set, int completionTokens) {
    int most = newTokensOf.getOrDefault(set, maxNewTokens);
    boolean whole = newTokensOf.containsKey(set) || set.endsWith(FORGET);
    return whole ? most : (int) Math.min(most, (long) completionTokens + answerMargin);
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + ", expected at least 1");
    }
  }
}
