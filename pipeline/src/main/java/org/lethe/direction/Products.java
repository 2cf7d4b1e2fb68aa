package org.lethe.direction;

import java.util.List;
import org.lethe.direction.Combination.Figures;
import org.lethe.direction.Combination.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.tensor.FlatVectors;
import org.lethe.tensor.FlatVectors.InnerProducts;

/**
 * Inner products of the two (mean) gradients.
 *
 * @param forget |g_f|^2
 * @param retain |g_r|^2
 * @param inner &lt;g_r, g_f&gt;
 * @param zeroNorm what counts as zero for a squared norm
 */
record Products(double forget, double retain, double inner, double zeroNorm) {
  /** Below 1e-145 squares leave the range of doubles. */
  private static final double SMALLEST = 1e-290;

  static Products of(LossGradients gradients, double zeroNorm) {
    return of(gradients.forget().orElseThrow(), gradients.retain().orElseThrow(), zeroNorm);
  }

  static Products of(LossGradient forget, LossGradient retain, double zeroNorm) {
    InnerProducts sums = FlatVectors.innerProducts(retain.sum(), forget.sum());
    return new Products(
        sums.second() * forget.scale() * forget.scale(),
        sums.first() * retain.scale() * retain.scale(),
        sums.mixed() * forget.scale() * retain.scale(),
        zeroNorm);
  }

  Products plus(Products other) {
    return new Products(
        forget + other.forget, retain + other.retain, inner + other.inner, zeroNorm);
  }

  /** Whether g_f is too short to point anywhere. */
  boolean forgetIsZero() {
    return forget <= Math.max(zeroNorm, SMALLEST);
  }

  /** Whether g_r is too short to point anywhere. */
  boolean retainIsZero() {
    return retain <= Math.max(zeroNorm, SMALLEST);
  }

  /**
   * Whether nothing can be projected on g_f. Below a ratio of norms of 1e-15 the inner product is
   * rounding noise whatever the caller calls zero.
   */
  boolean forgetVanishes() {
    return forgetIsZero() || forget <= 1e-30 * retain;
  }

  /** Whether nothing can be projected on g_r. */
  boolean retainVanishes() {
    return retainIsZero() || retain <= 1e-30 * forget;
  }

  /** &lt;g_r, g_f&gt; / |g_f|^2, and 0 where g_f vanishes. */
  double rho() {
    return forgetVanishes() ? 0 : inner / forget;
  }

  Figures figures() {
    return new Figures(forget, retain, inner, rho());
  }

  /** |retainWeight g_r + forgetWeight g_f|. */
  double norm(double retainWeight, double forgetWeight) {
    double squared =
        retainWeight * retainWeight * retain
            + 2 * retainWeight * forgetWeight * inner
            + forgetWeight * forgetWeight * forget;
    // Not max(0, squared) alone, which would hide NaN.
    return Math.sqrt(squared < 0 ? 0 : squared);
  }

  /** retainWeight * g_r + forgetWeight * g_f. */
  Combination combination(
      LossGradients gradients, double retainWeight, double forgetWeight, double norm) {
    LossGradient r = gradients.retain().orElseThrow();
    LossGradient f = gradients.forget().orElseThrow();
    return new Combination(
        List.of(
            new Term(r.sum(), retainWeight * r.scale()),
            new Term(f.sum(), forgetWeight * f.scale())),
        norm,
        figures());
  }

  /** g_r + (gamma - rho) g_f, and g_r where g_f vanishes. */
  Combination blur(LossGradients gradients, double gamma) {
    if (forgetVanishes()) {
      return combination(gradients, 1, 0, Math.sqrt(retain));
    }
    // |d|^2 = |g_r|^2 - <g_r, g_f>^2 / |g_f|^2 + gamma^2 |g_f|^2; the first two are |g_r_perp|^2.
    double rho = rho();
    double perpendicular = Math.max(0, retain - rho * inner);
    double norm = Math.sqrt(perpendicular + gamma * gamma * forget);
    return combination(gradients, 1, gamma - rho, norm);
  }
}
