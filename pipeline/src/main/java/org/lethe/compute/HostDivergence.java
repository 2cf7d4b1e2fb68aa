package org.lethe.compute;

/**
 * The Jensen-Shannon divergence of rows of logits, computed on the host in double, for backends
 * without a kernel for it.
 */
final class HostDivergence {
  private static final double LOG_2 = Math.log(2);

  private HostDivergence() {}

  /** As {@link Compute#jensenShannon}. */
  static double[] jensenShannon(Matrix logits, Matrix reference, double[] weights) {
    double[] model = new double[logits.columns()];
    double[] other = new double[logits.columns()];
    double[] divergences = new double[logits.rows()];
    for (int row = 0; row < divergences.length; row++) {
      Matrix own = logits.rows(row, 1);
      own.download(model);
      reference.rows(row, 1).download(other);
      divergences[row] = apply(model, other, weights[row]);
      own.upload(model);
    }
    return divergences;
  }

  /**
   * Replaces logits of p by the gradient.
   *
   * @param q logits of q; overwritten
   */
  private static double apply(double[] p, double[] q, double weight) {
    logSoftmax(p);
    logSoftmax(q);
    double fromModel = 0;
    double fromReference = 0;
    for (int k = 0; k < p.length; k++) {
      double ratio = q[k] - p[k];
      // With m = (p + q) / 2: log p - log m = log 2 - log(1 + q / p).
      double excess = LOG_2 - Math.max(0, ratio) - Math.log1p(Math.exp(-Math.abs(ratio)));
      fromModel += Math.exp(p[k]) * excess;
      fromReference += Math.exp(q[k]) * (ratio + excess);
      q[k] = excess;
    }
    for (int k = 0; k < p.length; k++) {
      p[k] = 0.5 * weight * Math.exp(p[k]) * (q[k] - fromModel);
    }
    return 0.5 * (fromModel + fromReference);
  }

  private static void logSoftmax(double[] logits) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      maximum = Math.max(maximum, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - maximum);
    }
    double log = maximum + Math.log(sum);
    for (int k = 0; k < logits.length; k++) {
      logits[k] -= log;
    }
  }
}
