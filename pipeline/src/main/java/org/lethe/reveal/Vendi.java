package org.lethe.reveal;

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
    throw new UnsupportedOperationException("skeleton: " + kernel.length);
  }
}
