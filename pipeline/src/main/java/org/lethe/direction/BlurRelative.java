package org.lethe.direction;

/**
 * BLUR with gamma relative to the lengths of the gradients: d = g_r + (gamma |g_r| / |g_f| - rho)
 * g_f. So the part of d along g_f is gamma times as long as g_r, whatever the scale of the forget
 * loss. On real models g_f is often hundreds of times longer than g_r, and BLUR's d is then hardly
 * more than g_f. This rule is ours, not the paper's.
 *
 * <p>The pressure does not fade as g_f does; it stops only if g_f counts as zero.
 *
 * @param gamma forget pressure as a share of |g_r|, 0 or more
 * @param zeroNorm a forget gradient whose squared norm is at most this counts as zero
 */
public record BlurRelative(double gamma, double zeroNorm) implements BlurRule {
  public BlurRelative {
    Checks.blur(gamma, zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    double lengths =
        products.forgetVanishes() ? 0 : Math.sqrt(products.retain() / products.forget());
    return products.blur(gradients, gamma * lengths);
  }
}
