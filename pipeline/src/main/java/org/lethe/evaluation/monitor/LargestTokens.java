package org.lethe.evaluation.monitor;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * A model's next-token distributions at the T completion positions of a row: the most probable
 * tokens of each, and the rest as one. They show what a model recites, so they stay in memory.
 *
 * @param tokens [T][K]
 * @param logProbabilities natural logarithms of their probabilities, [T][K]
 */
public record LargestTokens(int[][] tokens, float[][] logProbabilities) {
  /** Number K of tokens that are kept of each distribution. */
  static final int KEPT = 256;

  /** Rests below this share are rounding. */
  private static final double LEAST_REST = 1e-6;

  /** Returns the tokens with the largest logits, by index. */
  static int[] of(float[] logits, int from, int vocabulary) {
    if (vocabulary <= KEPT) {
      int[] all = new int[vocabulary];
      Arrays.setAll(all, i -> i);
      return all;
    }
    PriorityQueue<Integer> smallestFirst =
        new PriorityQueue<>(
            KEPT + 1,
            (a, b) -> {
              int order = Float.compare(logits[from + a], logits[from + b]);
              return order != 0 ? order : Integer.compare(b, a);
            });
    for (int token = 0; token < vocabulary; token++) {
      if (smallestFirst.size() < KEPT
          || logits[from + token] > logits[from + smallestFirst.element()]) {
        smallestFirst.add(token);
        if (smallestFirst.size() > KEPT) {
          smallestFirst.remove();
        }
      }
    }
    return smallestFirst.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /**
   * Returns KL(this || other) at one position over the kept tokens and the rest. It is at most the
   * divergence of the whole distributions, and equal if K is the vocabulary.
   *
   * @param others natural logarithms of the other model's probabilities of the same tokens, [K]
   */
  double divergence(int position, double[] others) {
    double sum = 0;
    double mass = 0;
    double otherMass = 0;
    for (int k = 0; k < others.length; k++) {
      double mine = logProbabilities[position][k];
      double probability = Math.exp(mine);
      sum += probability * (mine - others[k]);
      mass += probability;
      otherMass += Math.exp(others[k]);
    }
    double rest = 1 - mass;
    if (rest > LEAST_REST) {
      sum += rest * Math.log(rest / Math.max(1 - otherMass, LEAST_REST));
    }
    return Math.max(0, sum);
  }
}
