package org.lethe.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Scores by which membership in the training data is guessed, signed so that a higher value means
 * less likely a member. Definitions: open-unlearning; Min-K (arXiv 2310.16789), Min-K++ (arXiv
 * 2404.02936), zlib (arXiv 2012.07805).
 */
public final class Membership {
  private Membership() {}

  /**
   * Minus the mean of the lowest token log-probabilities.
   *
   * @param tokenLosses minus the log-probabilities, [T]
   * @param share which share of them to take, in (0, 1]; at least one is taken
   */
  public static double minK(double[] tokenLosses, double share) {
    return -lowestMean(Arrays.stream(tokenLosses).map(loss -> -loss).toArray(), share);
  }

  /**
   * Minus the mean of the lowest standardised log-probabilities.
   *
   * @param standardised (log p - mean) / deviation over the vocabulary, [T]
   */
  public static double minKPlusPlus(double[] standardised, double share) {
    return -lowestMean(standardised, share);
  }

  /**
   * Mean loss by the length in bytes of the zlib-compressed text. zlib's level 6, Python's default,
   * gives the same bytes here.
   */
  public static double zlib(double meanLoss, String text) {
    return meanLoss / compressedLength(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Mean loss less that of a reference model. */
  public static double reference(double meanLoss, double referenceMeanLoss) {
    return meanLoss - referenceMeanLoss;
  }

  /**
   * (log p - mu) / sigma of one token, mu and sigma squared being the mean and the variance of log
   * p over the vocabulary under the model, the variance at least 1e-6.
   *
   * @param logProbabilities of the whole vocabulary, [V]
   */
  public static double standardised(double[] logProbabilities, int token) {
    double mean = 0;
    double square = 0;
    for (double logProbability : logProbabilities) {
      double probability = Math.exp(logProbability);
      if (probability > 0) {
        mean += probability * logProbability;
        square += probability * logProbability * logProbability;
      }
    }
    double variance = Math.max(square - mean * mean, 1e-6);
    return (logProbabilities[token] - mean) / Math.sqrt(variance);
  }

  private static double lowestMean(double[] values, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("Invalid share: " + share + ", expected in (0, 1]");
    }
    if (values.length == 0) {
      throw new IllegalArgumentException("Invalid token scores: none");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int taken = Math.max(1, (int) (share * values.length));
    return Arrays.stream(sorted, 0, taken).average().orElseThrow();
  }

  private static int compressedLength(byte[] bytes) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] buffer = new byte[8192];
      int length = 0;
      while (!deflater.finished()) {
        length += deflater.deflate(buffer);
      }
      return length;
    } finally {
      deflater.end();
    }
  }
}
