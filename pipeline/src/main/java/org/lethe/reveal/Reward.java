package org.lethe.reveal;

import java.util.List;

/**
 * What a pull was worth.
 *
 * @param value from 0 to 1; what the search maximises
 * @param relevance mean relevance of the responses
 * @param diversity (Vendi - 1) / (n - 1) of the responses
 * @param novelty what the responses add to the Vendi score of the accepted pool, by what as many
 *     responses would have added that are like none of the others; equal to diversity where the
 *     pool is empty
 */
public record Reward(double value, double relevance, double diversity, double novelty) {

  /**
   * @param alpha weight of diversity against relevance, in (0, 1)
   * @param floor least of each part that is not 0
   * @param poolSample most texts of the pool that novelty is computed against
   */
  public record Settings(double alpha, double floor, int poolSample) {
    public Settings {
      if (!(alpha > 0 && alpha < 1)) {
        throw new IllegalArgumentException("Invalid alpha: " + alpha + ", expected in (0, 1)");
      }
      if (!(floor > 0 && floor < 1)) {
        throw new IllegalArgumentException("Invalid floor: " + floor + ", expected in (0, 1)");
      }
      if (poolSample < 1) {
        throw new IllegalArgumentException("Invalid pool sample: " + poolSample);
      }
    }

    /** alpha 0.4, floor 1e-3, 256 texts. */
    public static Settings defaults() {
      return new Settings(0.4, 1e-3, 256);
    }
  }

  /**
   * Rewards a pull by the word n-gram kernel.
   *
   * @param texts of the responses, at least 1
   * @param relevances of the responses, each from 0 to 1
   * @param pool texts accepted before; may be empty
   */
  public static Reward of(
      List<String> texts, double[] relevances, List<String> pool, Settings settings) {
    throw new UnsupportedOperationException(
        "skeleton: " + texts.size() + relevances.length + pool.size() + settings);
  }

  /** Rewards a pull by the cosine of embeddings, [n, d] and [pool, d]. */
  public static Reward ofEmbeddings(
      double[][] embeddings, double[] relevances, double[][] pool, Settings settings) {
    throw new UnsupportedOperationException(
        "skeleton: " + embeddings.length + relevances.length + pool.length + settings);
  }
}
