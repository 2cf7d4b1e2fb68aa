package org.lethe.objective.point;

import org.lethe.compute.DenseMatrix;

/**
 * RepSelect's filter (arXiv 2606.17168, "soft" collapse of inputs and outputs). With G = sum of s_i
 * u_i v_i^T and s_q the smallest of the q largest singular values, the filter divides the first q
 * components by s_i / s_q on the side of v, and again on the side of u: s_i becomes s_q^2 / s_i.
 * What many rows share is in the first components, so what remains is specific to the forget rows.
 *
 * <p>The singular values are exact, from the eigenvectors of the smaller of G G^T and G^T G. Public
 * code approximates them (torch.svd_lowrank).
 *
 * @param components q, at least 1. A gradient of lower rank has as many as its rank
 */
record PrincipalCollapse(int components) implements GradientFilter {
  /** Square of the share of the largest singular value below which a component is noise. */
  private static final double NOISE = 1e-12;

  @Override
  public DenseMatrix apply(DenseMatrix gradient) {
    boolean outputs = gradient.rows() <= gradient.columns();
    DenseMatrix square =
        outputs ? gradient.timesTransposed(gradient) : gradient.transposedTimes(gradient);
    DenseMatrix.Eigen eigen = square.eigen();
    double[] squares = eigen.values();
    int size = squares.length;
    double largest = squares[size - 1];
    if (!(largest > 0 && Double.isFinite(largest))) {
      // Nothing to filter. The caller finds and names what is not finite.
      return gradient;
    }
    int kept = 1;
    while (kept < Math.min(components, size) && squares[size - 1 - kept] > NOISE * largest) {
      kept++;
    }
    double[] removed = new double[size];
    for (int i = size - kept; i < size; i++) {
      removed[i] = 1 - squares[size - kept] / squares[i];
    }
    DenseMatrix part = projection(eigen.vectors(), removed);
    DenseMatrix along = outputs ? part.times(gradient) : gradient.times(part);
    double[] rest = gradient.values().clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= along.values()[i];
    }
    return new DenseMatrix(gradient.rows(), gradient.columns(), rest);
  }

  /** Returns V diag(weights) V^T. */
  private static DenseMatrix projection(DenseMatrix vectors, double[] weights) {
    double[] scaled = vectors.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= weights[i % weights.length];
    }
    return new DenseMatrix(vectors.rows(), vectors.columns(), scaled).timesTransposed(vectors);
  }
}
