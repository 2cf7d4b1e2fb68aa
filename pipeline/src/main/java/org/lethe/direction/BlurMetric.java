package org.lethe.direction;

import org.lethe.compute.InnerProducts;

/**
 * BLUR in the metric of the applied step: d = g_r + (gamma - rho_P) g_f with rho_P = &lt;g_r,
 * g_f&gt;_P / |g_f|_P^2, so that &lt;g_f, d&gt;_P = gamma |g_f|_P^2. BLUR's own guarantee, &lt;g_f,
 * d&gt; = gamma |g_f|^2, concerns d. An optimizer that scales every parameter separately applies P
 * d. The forget loss then changes by -rate &lt;g_f, d&gt;_P, for which BLUR guarantees nothing.
 * This rule is ours, not the paper's.
 *
 * <p>P is that of the step itself, and AdamW's P depends on d. So one number, c = gamma - rho_P(c),
 * is sought until both sides agree to {@value #TOLERANCE}. Once training has a history of squares,
 * this takes two or three passes over gradients and moment.
 *
 * <p>The exact guarantees, for AdamW of rate lr in its step t (from 1) and clipping by a factor s
 * (1 without clipping):
 *
 * <ul>
 *   <li>With beta1 = 0 and no weight decay, the first-order change of the forget loss by the whole
 *       step is -lr s gamma |g_f|_P^2, whatever g_r is.
 *   <li>With beta1 above 0 this is the part that this d contributes, times (1 - beta1) / (1 -
 *       beta1^t). The rest of the step, beta1 / (1 - beta1^t) of the first moment, consists of past
 *       directions, each chosen for its own g_f and P. It has no guarantee.
 *   <li>Weight decay adds -lr weight-decay &lt;g_f, parameters&gt;, which has no guarantee either.
 * </ul>
 *
 * <p>With SGD, P = 1 and this is {@link Blur}.
 *
 * @param gamma forget pressure, 0 or more
 * @param zeroNorm a forget gradient whose squared (Euclidean) norm is at most this counts as zero
 */
public record BlurMetric(double gamma, double zeroNorm) implements BlurRule {
  static final double TOLERANCE = 1e-6;

  /** Enough to halve an interval down to the tolerance. With a history, a few passes suffice. */
  private static final int MOST_PASSES = 40;

  public BlurMetric {
    Checks.blur(gamma, zeroNorm);
  }

  @Override
  public Combination combine(LossGradients gradients, Products products) {
    if (products.forgetVanishes() || !products.isFinite()) {
      return products.blur(gradients, gamma);
    }
    Search search = new Search(gamma - products.rho());
    double rho = products.rho();
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      InnerProducts metric =
          gradients.metric().products(gradients, along(gradients, products, search.at()));
      if (!(metric.second() > 0) || !metric.isFinite()) {
        // All of P g_f is below the range of numbers, so treat it as zero.
        return products.combination(gradients, 1, 0, Math.sqrt(products.retain()));
      }
      rho = metric.mixed() / metric.second();
      double excess = search.at() - (gamma - rho);
      // Relative to the possible size of rho: if g_r is much longer, P's own rounding is visible in
      // rho.
      double lengths = Math.sqrt(metric.first() / metric.second());
      if (Math.abs(excess) <= TOLERANCE * (gamma + lengths)) {
        break;
      }
      search.next(excess);
    }
    return along(gradients, products, search.at()).withRho(rho);
  }

  private static Combination along(LossGradients gradients, Products products, double weight) {
    return products.combination(gradients, 1, weight, products.norm(1, weight));
  }

  /**
   * Finds the c at which c - (gamma - rho_P(c)) is zero. The expression is below zero far left and
   * above it far right, because rho_P stays bounded, so a zero exists. Secants find it in a few
   * steps; if they leave the interval, it is halved.
   */
  private static final class Search {
    private double at;
    private double last = Double.NaN;
    private double lastExcess;
    private double left = Double.NEGATIVE_INFINITY;
    private double right = Double.POSITIVE_INFINITY;
    private double stride = 1;

    Search(double start) {
      at = start;
    }

    double at() {
      return at;
    }

    void next(double excess) {
      if (excess < 0) {
        left = Math.max(left, at);
      } else {
        right = Math.min(right, at);
      }
      double guess = at - excess;
      if (!Double.isNaN(last)) {
        double slope = (excess - lastExcess) / (at - last);
        boolean halved = Math.abs(excess) <= 0.5 * Math.abs(lastExcess);
        guess = slope > 0 && halved ? at - excess / slope : apart(excess);
      }
      last = at;
      lastExcess = excess;
      at = guess > left && guess < right ? guess : apart(excess);
    }

    /** Returns the middle, or a point farther out on a side whose end is not known. */
    private double apart(double excess) {
      if (Double.isFinite(left) && Double.isFinite(right)) {
        return left + (right - left) / 2;
      }
      stride *= 2;
      return at - stride * excess;
    }
  }
}
