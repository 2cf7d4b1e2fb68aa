package org.lethe.direction;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.Combination.Figures;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.ParameterLayout.Entry;

/**
 * Inner products of the two (mean) gradients.
 *
 * @param forget |g_f|^2
 * @param retain |g_r|^2
 * @param inner &lt;g_r, g_f&gt;
 * @param zeroNorm largest squared norm that counts as zero
 * @param layers the same products by layer
 */
record Products(
    double forget, double retain, double inner, double zeroNorm, List<LayerFigures> layers) {
  /** Below 1e-145 squares leave the range of doubles. */
  private static final double SMALLEST = 1e-290;

  static Products of(LossGradients gradients, double zeroNorm) {
    List<Entry> entries = gradients.layout().entries();
    LossGradient f = gradients.forget().orElseThrow();
    LossGradient r = gradients.retain().orElseThrow();
    List<LayerFigures> tensors =
        byTensor(
            r.sum(),
            f.sum(),
            entries,
            (layer, sums) ->
                new LayerFigures(
                    layer,
                    sums.second() * f.scale() * f.scale(),
                    sums.first() * r.scale() * r.scale(),
                    sums.mixed() * f.scale() * r.scale()));
    return of(tensors, zeroNorm);
  }

  /** Returns the products of two slices of one tensor. */
  static Products of(LossGradient forget, LossGradient retain, Entry entry) {
    InnerProducts sums = retain.sum().math().innerProducts(retain.sum(), forget.sum());
    LayerFigures layer =
        new LayerFigures(
            entry.layer(),
            sums.second() * forget.scale() * forget.scale(),
            sums.first() * retain.scale() * retain.scale(),
            sums.mixed() * forget.scale() * retain.scale());
    return of(List.of(layer), 0);
  }

  /** Returns the products of a whole from those of its parts. */
  static Products of(List<LayerFigures> parts, double zeroNorm) {
    double forget = 0;
    double retain = 0;
    double inner = 0;
    for (LayerFigures part : parts) {
      forget += part.forgetSquaredNorm();
      retain += part.retainSquaredNorm();
      inner += part.innerProduct();
    }
    return new Products(forget, retain, inner, zeroNorm, LayerFigures.added(parts));
  }

  /** Returns the inner products of a pair of vectors, one entry for each tensor of the layout. */
  static List<LayerFigures> byTensor(
      FlatVector a,
      FlatVector b,
      List<Entry> entries,
      BiFunction<String, InnerProducts, LayerFigures> figures) {
    long[] ends = entries.stream().mapToLong(e -> e.offset() + e.length()).toArray();
    List<InnerProducts> sums = a.math().innerProducts(a, b, ends);
    List<LayerFigures> tensors = new ArrayList<>();
    for (int i = 0; i < ends.length; i++) {
      tensors.add(figures.apply(entries.get(i).layer(), sums.get(i)));
    }
    return tensors;
  }

  /** Whether g_f is too short to have a direction. */
  boolean forgetIsZero() {
    return forget <= Math.max(zeroNorm, SMALLEST);
  }

  /** Whether g_r is too short to have a direction. */
  boolean retainIsZero() {
    return retain <= Math.max(zeroNorm, SMALLEST);
  }

  /**
   * Whether nothing can be projected on g_f. Below a ratio of norms of 1e-15 the inner product is
   * rounding noise, whatever the configured zero norm.
   */
  boolean forgetVanishes() {
    return forgetIsZero() || forget <= 1e-30 * retain;
  }

  /** Whether nothing can be projected on g_r. */
  boolean retainVanishes() {
    return retainIsZero() || retain <= 1e-30 * forget;
  }

  /** &lt;g_r, g_f&gt; / |g_f|^2, or 0 if g_f vanishes. */
  double rho() {
    return forgetVanishes() ? 0 : inner / forget;
  }

  boolean isFinite() {
    return Double.isFinite(forget) && Double.isFinite(retain) && Double.isFinite(inner);
  }

  Figures figures() {
    return new Figures(forget, retain, inner, rho(), layers);
  }

  /** |retainWeight g_r + forgetWeight g_f|. */
  double norm(double retainWeight, double forgetWeight) {
    double squared =
        retainWeight * retainWeight * retain
            + 2 * retainWeight * forgetWeight * inner
            + forgetWeight * forgetWeight * forget;
    // Not max(0, squared), which would hide NaN.
    return Math.sqrt(squared < 0 ? 0 : squared);
  }

  /** retainWeight * g_r + forgetWeight * g_f. */
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

  /** g_r + (gamma - rho) g_f, or g_r if g_f vanishes. */
  Combination blur(LossGradients gradients, double gamma) {
    if (forgetVanishes()) {
      return combination(gradients, 1, 0, Math.sqrt(retain));
    }
    // |d|^2 = |g_r|^2 - <g_r, g_f>^2 / |g_f|^2 + gamma^2 |g_f|^2; the first two are |g_r_perp|^2.
    double rho = rho();
    double perpendicular = Math.max(0, retain - rho * inner);
    double norm = Math.sqrt(perpendicular + gamma * gamma * forget);
    return combination(gradients, 1, gamma - rho, norm);
  }
}
