package org.lethe.direction;

/**
 * BLUR as an inequality: d = g_r + max(0, gamma - rho) g_f, the vector nearest to g_r with &lt;g_f,
 * d&gt; at least gamma |g_f|^2. If retaining alone already forgets faster than that, BLUR slows it
 * down to gamma, while this rule leaves g_r unchanged. Such rules are known as dynamic barriers.
 * BLUR's public code has no max (reference notes, section 1.2).
 *
 * @param gamma minimum forget pressure, 0 or more
 * @param zeroNorm a forget gradient whose squared norm is at most this counts as zero
 */
public record BlurBarrier(double gamma, double zeroNorm) implements BlurRule {
  public BlurBarrier {
    Checks.blur(gamma, zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    // max(0, gamma - rho) = max(gamma, rho) - rho.
    return products.blur(gradients, Math.max(gamma, products.rho()));
  }
}
