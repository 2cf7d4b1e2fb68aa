package org.lethe.direction;

/**
 * BLUR (arXiv 2506.08164; the rule as its public code has it): d = g_r + (gamma - rho) g_f with rho
 * = &lt;g_r, g_f&gt; / |g_f|^2 over all trainable parameters. That is the part of the retain
 * gradient that does not touch forgetting, plus gamma times the forget gradient, so that &lt;g_f,
 * d&gt; = gamma |g_f|^2 whatever g_r is.
 *
 * <p>Where g_f vanishes, d = g_r: NPO's gradient reaches that as it succeeds.
 *
 * @param gamma forget pressure, 0 or more; 1 in all published runs with NPO
 * @param zeroNorm a forget gradient whose squared norm is at most this counts as zero
 */
public record Blur(double gamma, double zeroNorm) implements Direction {
  public Blur {
    if (!(gamma >= 0 && Double.isFinite(gamma))) {
      throw new IllegalArgumentException("Invalid gamma: " + gamma + ", expected 0 or more");
    }
    if (!(zeroNorm >= 0 && Double.isFinite(zeroNorm))) {
      throw new IllegalArgumentException("Invalid zero norm: " + zeroNorm + ", expected 0 or more");
    }
  }

  @Override
  public boolean usesForget() {
    return true;
  }

  @Override
  public boolean usesRetain() {
    return true;
  }

  @Override
  public Combination combine(LossGradients gradients) {
    Products products =
        Products.of(gradients.forget().orElseThrow(), gradients.retain().orElseThrow(), zeroNorm);
    if (products.forgetVanishes()) {
      return products.combination(gradients, 1, 0, Math.sqrt(products.retain()));
    }
    // |d|^2 = |g_r|^2 - <g_r, g_f>^2 / |g_f|^2 + gamma^2 |g_f|^2; the first two are |g_r_perp|^2.
    double rho = products.rho();
    double perpendicular = Math.max(0, products.retain() - rho * products.inner());
    double norm = Math.sqrt(perpendicular + gamma * gamma * products.forget());
    return products.combination(gradients, 1, gamma - rho, norm);
  }
}
