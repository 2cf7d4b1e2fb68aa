package org.lethe.direction;

/**
 * BLUR as in its public code for WMDP: d = g_f + alpha (g_r - rho g_f), which is alpha times {@link
 * Blur} with gamma = 1 / alpha. Under SGD the step is alpha times as long; under AdamW the scale
 * hardly matters.
 *
 * @param alpha weight of the retain gradient, above 0; published with RMU: 1200 by default in the
 *     script, 800 in its README
 * @param zeroNorm a forget gradient whose squared norm is at most this counts as zero
 */
public record BlurScaled(double alpha, double zeroNorm) implements BlurRule {
  public BlurScaled {
    Checks.positive("alpha", alpha);
    Checks.notNegative("zero norm", zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    return products.blur(gradients, 1 / alpha).times(alpha);
  }
}
