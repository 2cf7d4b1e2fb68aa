package org.lethe.direction;

/**
 * NGDiff (arXiv 2410.22086, algorithm 1 as reported): d = g_r / |g_r| + g_f / |g_f|. The paper
 * writes a difference, g_R / |g_R| - g_F / |g_F|. Its g_F is the gradient of the language-model
 * loss on forget data, which should rise; here g_f is that of a forget loss, which should fall.
 * Both agree with gradient ascent as the forget loss. Neither loss rises to first order: &lt;g_r,
 * d&gt; = |g_r| (1 + cos) and &lt;g_f, d&gt; = |g_f| (1 + cos).
 *
 * <p>A gradient that counts as zero has no direction and is omitted.
 *
 * @param zeroNorm a gradient whose squared norm is at most this counts as zero
 */
public record NormalizedDifference(double zeroNorm) implements Direction {
  public NormalizedDifference {
    Checks.notNegative("zero norm", zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients) {
    Products products = Products.of(gradients, zeroNorm);
    double retainWeight = products.retainIsZero() ? 0 : 1 / Math.sqrt(products.retain());
    double forgetWeight = products.forgetIsZero() ? 0 : 1 / Math.sqrt(products.forget());
    return products.combination(
        gradients, retainWeight, forgetWeight, products.norm(retainWeight, forgetWeight));
  }
}
