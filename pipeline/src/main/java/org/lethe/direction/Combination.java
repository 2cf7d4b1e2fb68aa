package org.lethe.direction;

import java.util.List;
import org.lethe.compute.VectorMath.Term;

/**
 * A direction d = sum of weight * vector, not yet written down.
 *
 * @param terms one or two
 * @param norm |d|, from the known inner products
 * @param figures what was measured on the way
 */
public record Combination(List<Term> terms, double norm, Figures figures) {
  public Combination {
    terms = List.copyOf(terms);
    if (terms.isEmpty() || terms.size() > 2) {
      throw new IllegalArgumentException(
          "Invalid combination: " + terms.size() + " terms, expected 1 or 2");
    }
  }

  /**
   * Scalars of one step, 0 where a gradient is not used.
   *
   * @param forgetSquaredNorm |g_f|^2
   * @param retainSquaredNorm |g_r|^2
   * @param innerProduct &lt;g_r, g_f&gt;
   * @param rho &lt;g_r, g_f&gt; / |g_f|^2, in the metric of the step where the rule works in that
   * @param layers the first three by layer; empty where nobody told layers apart
   */
  public record Figures(
      double forgetSquaredNorm,
      double retainSquaredNorm,
      double innerProduct,
      double rho,
      List<LayerFigures> layers) {
    public Figures {
      layers = List.copyOf(layers);
    }

    /** Whether neither gradient holds NaN or an infinity. */
    public boolean isFinite() {
      return Double.isFinite(forgetSquaredNorm)
          && Double.isFinite(retainSquaredNorm)
          && Double.isFinite(innerProduct);
    }
  }

  /** The same direction, no longer than the given norm. */
  public Combination clipped(double maximumNorm) {
    return norm <= maximumNorm ? this : times(maximumNorm / norm, maximumNorm);
  }

  /** The same direction, with rho as its rule took it. */
  Combination withRho(double rho) {
    return new Combination(
        terms,
        norm,
        new Figures(
            figures.forgetSquaredNorm(),
            figures.retainSquaredNorm(),
            figures.innerProduct(),
            rho,
            figures.layers()));
  }

  /** The same direction, so many times as long. */
  Combination times(double factor) {
    return times(factor, factor * norm);
  }

  private Combination times(double factor, double newNorm) {
    return new Combination(
        terms.stream().map(term -> new Term(term.vector(), term.weight() * factor)).toList(),
        newNorm,
        figures);
  }
}
