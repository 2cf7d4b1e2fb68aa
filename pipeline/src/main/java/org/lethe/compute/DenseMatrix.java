package org.lethe.compute;

import java.io.Serializable;
import org.bytedeco.openblas.global.openblas;

/**
 * A matrix of DOUBLE on the heap, for decompositions of weights and gradients. Products are those
 * of BLAS, eigenvectors those of LAPACK.
 *
 * @param values row by row; the matrix does not copy them
 */
public record DenseMatrix(int rows, int columns, double[] values) implements Serializable {
  /**
   * Eigenvalues and eigenvectors of a symmetric matrix.
   *
   * @param values ascending
   * @param vectors one eigenvector a column
   */
  public record Eigen(double[] values, DenseMatrix vectors) {}

  public DenseMatrix {
    if ((long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          "Invalid matrix: " + values.length + " values, expected " + rows + " x " + columns);
    }
  }

  /** Returns the product with another matrix. */
  public DenseMatrix times(DenseMatrix other) {
    return product(this, false, other, false);
  }

  /** Returns the product with the transpose of another matrix. */
  public DenseMatrix timesTransposed(DenseMatrix other) {
    return product(this, false, other, true);
  }

  /** Returns the product of the transpose with another matrix. */
  public DenseMatrix transposedTimes(DenseMatrix other) {
    return product(this, true, other, false);
  }

  private static DenseMatrix product(
      DenseMatrix a, boolean transposeA, DenseMatrix b, boolean transposeB) {
    int rows = transposeA ? a.columns : a.rows;
    int inner = transposeA ? a.rows : a.columns;
    int columns = transposeB ? b.rows : b.columns;
    if (inner != (transposeB ? b.columns : b.rows)) {
      throw new IllegalArgumentException("Invalid factors: their inner extents differ");
    }
    DenseMatrix result =
        new DenseMatrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
    openblas.cblas_dgemm(
        openblas.CblasRowMajor,
        transposeA ? openblas.CblasTrans : openblas.CblasNoTrans,
        transposeB ? openblas.CblasTrans : openblas.CblasNoTrans,
        rows,
        columns,
        inner,
        1,
        a.values,
        a.columns,
        b.values,
        b.columns,
        0,
        result.values,
        columns);
    return result;
  }

  /**
   * Returns the eigenvalues and eigenvectors of this symmetric matrix.
   *
   * @throws IllegalStateException if LAPACK does not find them
   */
  public Eigen eigen() {
    double[] vectors = values.clone();
    double[] found = new double[rows];
    int info =
        openblas.LAPACKE_dsyevd(
            openblas.LAPACK_ROW_MAJOR, (byte) 'V', (byte) 'U', rows, vectors, rows, found);
    if (info != 0) {
      throw new IllegalStateException("Eigenvalues were not found: dsyevd returned " + info);
    }
    return new Eigen(found, new DenseMatrix(rows, rows, vectors));
  }
}
