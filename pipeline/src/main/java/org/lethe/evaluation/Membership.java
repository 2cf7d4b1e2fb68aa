package org.lethe.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Membership inference scores. A higher value means less likely a member of the training data.
 * Definitions: open-unlearning; Min-K (arXiv 2310.16789), Min-K++ (arXiv 2404.02936), zlib (arXiv
 * 2012.07805).
 */
public final class Membership {
  private Membership() {}

  /**
   * Returns minus the mean of the lowest token log-probabilities.
   *
   * @param tokenLosses minus the log-probabilities, [T]
   * @param share share of tokens to average, in (0, 1]; at least one token
   */
  public static double minK(double[] tokenLosses, double share) {
    return -lowestMean(Arrays.stream(tokenLosses).map(loss -> -loss).toArray(), share);
  }

  /**
   * Returns minus the mean of the lowest standardised log-probabilities.
   *
   * @param standardised (log p - mean) / deviation over the vocabulary, [T]
   */
  public static double minKPlusPlus(double[] standardised, double share) {
    return -lowestMean(standardised, share);
  }

  /**
   * Returns the mean loss divided by the length in bytes of the zlib-compressed text. Java's
   * default level is 6 like Python's, and gives the same bytes.
   */
  public static double zlib(double meanLoss, String text) {
    return meanLoss / compressedLength(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the mean loss minus that of a reference model. */
  public static double reference(double meanLoss, double referenceMeanLoss) {
    return meanLoss - referenceMeanLoss;
  }

  /**
   * Returns (log p - mu) / sigma of one token. mu and sigma squared are the mean and the variance
   * of log p over the vocabulary under the model; the variance is at least 1e-6.
   *
   * @param logProbabilities log-probabilities of the whole vocabulary, [V]
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
