package org.lethe.direction;

/**
 * BLUR (arXiv 2506.08164; the rule follows its public code): d = g_r + (gamma - rho) g_f with rho =
 * &lt;g_r, g_f&gt; / |g_f|^2 over all trainable parameters. This is the part of the retain gradient
 * that is orthogonal to g_f, plus gamma times the forget gradient. So &lt;g_f, d&gt; = gamma
 * |g_f|^2 whatever g_r is.
 *
 * <p>If g_f vanishes, d = g_r. NPO's gradient vanishes as it succeeds.
 *
 * @param gamma forget pressure, 0 or more; 1 in all published runs with NPO
 * @param zeroNorm a forget gradient whose squared norm is at most this counts as zero
 */
public record Blur(double gamma, double zeroNorm) implements BlurRule {
  public Blur {
    Checks.blur(gamma, zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    return products.blur(gradients, gamma);
  }
}
