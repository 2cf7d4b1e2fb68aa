package org.lethe.reveal.search;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** The Vendi score (Friedman and Dieng, arXiv 2210.02410): how many different things there are. */
public final class Vendi {
  private Vendi() {}

  /**
   * exp(-sum w log w) over the eigenvalues w of K / n: 1 where all are the same, n where none is
   * like another.
   *
   * @param kernel [n, n], symmetric, positive semi-definite, diagonal 1; n at least 1
   */
  public static double score(double[][] kernel) {
    int n = kernel.length;
    if (n == 0) {
      throw new IllegalArgumentException("Invalid kernel: empty");
    }
    double[] eigenvalues =
        new EigenDecomposition(new Array2DRowRealMatrix(kernel, false)).getRealEigenvalues();
    double entropy = 0;
    for (double eigenvalue : eigenvalues) {
      double share = eigenvalue / n;
      if (share > 0) { // rounding leaves some a little below
        entropy -= share * Math.log(share);
      }
    }
    return Math.exp(entropy);
  }
}
