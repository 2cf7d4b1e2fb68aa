package org.lethe.direction;

/**
 * BLUR with swapped roles, an ablation of its public code ("forget upper"): d = g_f + (gamma -
 * &lt;g_r, g_f&gt; / |g_r|^2) g_r. Retaining has priority: &lt;g_r, d&gt; = gamma |g_r|^2 whatever
 * g_f is. If g_r vanishes, d = g_f.
 *
 * @param gamma retain pressure, 0 or more; 1 in the code
 * @param zeroNorm a retain gradient whose squared norm is at most this counts as zero
 */
public record BlurSwapped(double gamma, double zeroNorm) implements BlurRule {
  public BlurSwapped {
    Checks.blur(gamma, zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    if (products.retainVanishes()) {
      return products.combination(gradients, 0, 1, Math.sqrt(products.forget()));
    }
    double share = products.inner() / products.retain();
    double perpendicular = Math.max(0, products.forget() - share * products.inner());
    double norm = Math.sqrt(perpendicular + gamma * gamma * products.retain());
    return products.combination(gradients, gamma - share, 1, norm);
  }
}
