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
 * @param zeroNorm what counts as zero for |g_f|^2
 */
record Products(double forget, double retain, double inner, double zeroNorm) {
  static Products of(LossGradient forget, LossGradient retain, double zeroNorm) {
    InnerProducts sums = FlatVectors.innerProducts(retain.sum(), forget.sum());
    return new Products(
        sums.second() * forget.scale() * forget.scale(),
        sums.first() * retain.scale() * retain.scale(),
        sums.mixed() * forget.scale() * retain.scale(),
        zeroNorm);
  }

  /**
   * Whether g_f has no direction of its own. Below a ratio of norms of 1e-15 the inner product is
   * rounding noise whatever the caller calls zero; below 1e-145 squares leave the range of doubles.
   */
  boolean forgetVanishes() {
    return forget <= Math.max(zeroNorm, 1e-290) || forget <= 1e-30 * retain;
  }

  /** &lt;g_r, g_f&gt; / |g_f|^2, and 0 where g_f vanishes. */
  double rho() {
    return forgetVanishes() ? 0 : inner / forget;
  }

  Figures figures() {
    return new Figures(forget, retain, inner, rho());
  }

  /** weightRetain * g_r + weightForget * g_f. */
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
}
