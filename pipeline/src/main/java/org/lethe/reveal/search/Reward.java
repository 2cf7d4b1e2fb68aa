package org.lethe.reveal.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lethe.reveal.TextKernel;

/**
 * Reward of a pull.
 *
 * @param value from 0 to 1; the search maximises it
 * @param relevance mean relevance of the responses
 * @param diversity (Vendi - 1) / (n - 1) of the responses
 * @param novelty increase of the accepted pool's Vendi score by the responses, divided by the
 *     increase that the same number of entirely new responses would give. Equals diversity if the
 *     pool is empty
 */
public record Reward(double value, double relevance, double diversity, double novelty) {

  /**
   * @param alpha weight of diversity against relevance, in (0, 1)
   * @param floor lower bound of each part that is not 0
   * @param poolSample maximum number of pool texts for novelty
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

  /** A part below this value counts as 0, because eigenvalues carry rounding errors. */
  private static final double ZERO = 1e-9;

  /**
   * Computes the reward with the word n-gram kernel.
   *
   * @param texts texts of the responses, at least 1
   * @param relevances relevances of the responses, each from 0 to 1
   * @param pool texts accepted before; may be empty
   */
  public static Reward of(
      List<String> texts, double[] relevances, List<String> pool, Settings settings) {
    List<String> joined = new ArrayList<>(texts);
    for (int index : sample(pool.size(), settings.poolSample())) {
      joined.add(pool.get(index));
    }
    return of(TextKernel.ofTexts(joined), relevances, settings);
  }

  /** Computes the reward with the cosine of embeddings, [n, d] and [pool, d]. */
  public static Reward ofEmbeddings(
      double[][] embeddings, double[] relevances, double[][] pool, Settings settings) {
    List<double[]> joined = new ArrayList<>(Arrays.asList(embeddings));
    for (int index : sample(pool.length, settings.poolSample())) {
      joined.add(pool[index]);
    }
    double[][] kernel = TextKernel.ofEmbeddings(joined.toArray(double[][]::new));
    return of(kernel, relevances, settings);
  }

  /** Returns evenly spaced indices, so that old and new texts are included. */
  private static int[] sample(int size, int most) {
    int taken = Math.min(size, most);
    return IntStream.range(0, taken).map(i -> (int) ((long) i * size / taken)).toArray();
  }

  /**
   * @param kernel kernel of the responses, followed by the pool
   */
  private static Reward of(double[][] kernel, double[] relevances, Settings settings) {
    int n = relevances.length;
    if (n == 0 || n > kernel.length) {
      throw new IllegalArgumentException(
          "Invalid relevances: " + n + " for " + kernel.length + " texts");
    }
    double relevance = Arrays.stream(relevances).average().orElseThrow();
    if (!(relevance >= 0 && relevance <= 1)) {
      throw new IllegalArgumentException("Invalid relevance: " + relevance);
    }
    double own = Vendi.score(part(kernel, 0, n));
    double diversity = n == 1 ? 1 : clamp((own - 1) / (n - 1));
    double novelty = n == kernel.length ? diversity : novelty(kernel, n);
    double both = harmonic(0.5, diversity, novelty, settings.floor());
    double value = harmonic(settings.alpha(), both, relevance, settings.floor());
    return new Reward(value, relevance, diversity, novelty);
  }

  /**
   * Computes the novelty. Take p texts in the pool, with score v, and n texts that resemble none of
   * them and none of each other. The eigenvalues are then those of both groups, scaled by their
   * shares. With q = n / (n + p) and h the entropy of (q, 1 - q), the score is exp(h(q) + (1 - q)
   * log v + q log n).
   */
  private static double novelty(double[][] kernel, int n) {
    int all = kernel.length;
    double before = Vendi.score(part(kernel, n, all));
    double after = Vendi.score(kernel);
    double q = (double) n / all;
    double entropy = -q * Math.log(q) - (1 - q) * Math.log(1 - q);
    double best = Math.exp(entropy + (1 - q) * Math.log(before) + q * Math.log(n));
    return clamp((after - before) / (best - before));
  }

  private static double[][] part(double[][] kernel, int from, int to) {
    double[][] part = new double[to - from][];
    for (int i = from; i < to; i++) {
      part[i - from] = Arrays.copyOfRange(kernel[i], from, to);
    }
    return part;
  }

  private static double clamp(double value) {
    return value < ZERO ? 0 : Math.min(1, value);
  }

  /** Weighted harmonic mean of two parts. It is 0 if either part is 0. */
  private static double harmonic(double weight, double first, double second, double floor) {
    if (first < ZERO || second < ZERO) {
      return 0;
    }
    return 1 / (weight / Math.max(floor, first) + (1 - weight) / Math.max(floor, second));
  }
}
