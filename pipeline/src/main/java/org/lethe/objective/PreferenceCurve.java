package org.lethe.objective;

/**
 * -scale log sigmoid(beta x): large while x, which should grow, is small.
 *
 * @param beta inverse temperature, above 0
 * @param scale factor, above 0
 */
record PreferenceCurve(double beta, double scale) {
  /** Returns the curve with the factor 2 / beta, whose slope is -1 at x = 0 for any beta. */
  static PreferenceCurve normalized(double beta) {
    return new PreferenceCurve(beta, 2 / beta);
  }

  /** scale log(1 + exp(-beta x)), without overflow. */
  double loss(double x) {
    double z = beta * x;
    return scale * (Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
  }

  /** The derivative, -scale beta sigmoid(-beta x). */
  double slope(double x) {
    double z = beta * x;
    double e = Math.exp(-Math.abs(z));
    return -scale * beta * (z >= 0 ? e / (1 + e) : 1 / (1 + e));
  }
}
