package org.lethe.direction;

import org.lethe.compute.InnerProducts;

/**
 * The inner product of an optimizer's next step: &lt;a, b&gt;_P = sum of P_i a_i b_i, if the step
 * moves parameter i by P_i times its input. A step against d then changes a loss with gradient g by
 * -rate &lt;g, d&gt;_P to first order.
 *
 * <p>P may depend on d itself, as AdamW's does through the second moment.
 */
@FunctionalInterface
public interface Metric {
  /** P = 1: descent without scaling. */
  Metric EUCLIDEAN =
      (gradients, candidate) -> {
        Products products = Products.of(gradients, 0);
        return new InnerProducts(products.retain(), products.forget(), products.inner());
      };

  /**
   * Returns |g_r|^2, |g_f|^2 and &lt;g_r, g_f&gt; (of the mean gradients) in the metric of a step
   * along the candidate.
   *
   * @param candidate combination of the same two gradients, the retain gradient first; before
   *     clipping
   */
  InnerProducts products(LossGradients gradients, Combination candidate);
}
