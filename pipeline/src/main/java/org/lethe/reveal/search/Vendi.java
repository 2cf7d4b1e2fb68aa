package org.lethe.reveal.search;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The Vendi score (Friedman and Dieng, arXiv 2210.02410): the effective number of different items.
 */
public final class Vendi {
  private Vendi() {}

  /**
   * Computes exp(-sum w log w) over the eigenvalues w of K / n. The score is 1 if all items are
   * equal, and n if all are unrelated.
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
      if (share > 0) { // rounding makes some slightly negative
        entropy -= share * Math.log(share);
      }
    }
    return Math.exp(entropy);
  }
}
