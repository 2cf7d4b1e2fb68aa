package org.lethe.direction;

import java.util.List;
import org.lethe.compute.VectorMath.Term;

/**
 * A direction d = sum of weight * vector, in factored form.
 *
 * @param terms one or two
 * @param norm |d|, from the known inner products
 * @param figures scalars measured on the way
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
   * Scalars of one step, 0 if a gradient is not used.
   *
   * @param forgetSquaredNorm |g_f|^2
   * @param retainSquaredNorm |g_r|^2
   * @param innerProduct &lt;g_r, g_f&gt;
   * @param rho &lt;g_r, g_f&gt; / |g_f|^2, in the metric of the step if the rule uses it
   * @param layers the first three by layer; empty if per-layer figures were not requested
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

    /** Whether neither gradient contains NaN or an infinity. */
    public boolean isFinite() {
      return Double.isFinite(forgetSquaredNorm)
          && Double.isFinite(retainSquaredNorm)
          && Double.isFinite(innerProduct);
    }
  }

  /** Returns the same direction, at most as long as the given norm. */
  public Combination clipped(double maximumNorm) {
    return norm <= maximumNorm ? this : times(maximumNorm / norm, maximumNorm);
  }

  /** Returns the same direction with the rho that its rule used. */
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

  /** Returns the same direction, scaled by a factor. */
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
