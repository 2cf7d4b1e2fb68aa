package org.lethe.direction;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inner products of one layer's part of the two gradients, 0 if a gradient is not used.
 *
 * @param layer as in {@link org.lethe.model.ParameterLayout.Entry#layer}
 * @param forgetSquaredNorm |g_f|^2
 * @param retainSquaredNorm |g_r|^2
 * @param innerProduct &lt;g_r, g_f&gt;
 */
public record LayerFigures(
    String layer, double forgetSquaredNorm, double retainSquaredNorm, double innerProduct)
    implements Serializable {

  /** Returns the figures multiplied by a factor. */
  public LayerFigures times(double factor) {
    return new LayerFigures(
        layer, factor * forgetSquaredNorm, factor * retainSquaredNorm, factor * innerProduct);
  }

  private LayerFigures plus(LayerFigures other) {
    return new LayerFigures(
        layer,
        forgetSquaredNorm + other.forgetSquaredNorm,
        retainSquaredNorm + other.retainSquaredNorm,
        innerProduct + other.innerProduct);
  }

  /** Sums the figures of each layer, in the order in which the layers first appear. */
  public static List<LayerFigures> added(List<LayerFigures> figures) {
    Map<String, LayerFigures> sums = new LinkedHashMap<>();
    figures.forEach(one -> sums.merge(one.layer(), one, LayerFigures::plus));
    return List.copyOf(sums.values());
  }
}
