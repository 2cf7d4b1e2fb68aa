package org.lethe.compute.heap;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.compute.heap.HeapMatrix.Address;
import org.lethe.compute.heap.SecondFactor.Operand;

/**
 * FLOAT products on the BLAS that the ND4J backend loaded, cut into pieces that run in parallel on
 * the decoder's own threads. Results do not depend on the number of threads: small products are cut
 * by shape only, and large ones at multiples of 32 rows or columns, where OpenBLAS adds up every
 * element as it does in an uncut product.
 */
final class FloatProducts {
  /** Smallest number of multiplications for which cutting a product pays off. */
  private static final long WORTH_CUTTING = 1L << 20;

  private static final int PIECES = 8;

  /**
   * Number of multiplications from which a product has one piece for each thread. OpenBLAS copies
   * the other factor for every piece: in eight pieces, products of 2048 x 576 x 576 to 3072 took 7
   * to 30 % longer than in two. Even 64 pieces of such a product are too large for OpenBLAS's
   * small-matrix kernel, which sums in another order.
   */
  private static final long LARGE = 1L << 27;

  private static final int MOST_PIECES = 64;

  private static final int SMALL_ROWS = 48;
  private static final int SMALL_RESULT = 1024;
  private static final int SMALL_PRODUCT = 1_000_000;

  private final Workers workers;
  private final SecondFactor second;

  FloatProducts(Workers workers) {
    // The pieces already run in parallel. This setting applies to the whole process.
    blas_set_num_threads(1);
    this.workers = workers;
    second = new SecondFactor(workers);
  }

  /** As {@link Compute#holdWeights}. */
  Compute.Hold holdWeights() {
    return second.hold();
  }

  /**
   * As {@link Compute#multiply}.
   *
   * @param weights a {@link HeapMatrix} or a {@link HalfMatrix}
   */
  void multiply(
      Form formA,
      HeapMatrix a,
      Form formB,
      Matrix weights,
      double alpha,
      double beta,
      HeapMatrix c) {
    Matrix b = second.held(weights);
    int m = c.rows();
    int n = c.columns();
    int k = formA == Form.AS_IS ? a.columns() : a.rows();
    int narrow = formB == Form.TRANSPOSED ? narrow(m, n, k) : n;
    if (narrow < n) {
      int step = (step(n, PIECES) + narrow - 1) / narrow * narrow;
      workers.run(
          (n + step - 1) / step,
          (task, worker) -> {
            int end = Math.min(n, (task + 1) * step);
            for (int from = task * step; from < end; from += narrow) {
              int width = Math.min(narrow, end - from);
              Operand columns = second.columns(formB, b, from, width, worker);
              piece(formA, a, formB, columns, alpha, beta, c, 0, m, from, width, k);
            }
          });
    } else if ((long) m * n * k < WORTH_CUTTING) {
      Operand columns = second.columns(formB, b, 0, n, 0);
      piece(formA, a, formB, columns, alpha, beta, c, 0, m, 0, n, k);
    } else if (m >= n) {
      Operand all = SecondFactor.operand(formB, second.whole(b), 0);
      int step = step(m, pieces(m, n, k));
      workers.run(
          (m + step - 1) / step,
          (task, worker) -> {
            int from = task * step;
            int count = Math.min(step, m - from);
            piece(formA, a, formB, all, alpha, beta, c, from, count, 0, n, k);
          });
    } else {
      // A piece of 16-bit weights is widened in memory of its thread.
      int step = step(n, b instanceof HalfMatrix ? PIECES : pieces(m, n, k));
      workers.run(
          (n + step - 1) / step,
          (task, worker) -> {
            int from = task * step;
            int count = Math.min(step, n - from);
            Operand columns = second.columns(formB, b, from, count, worker);
            piece(formA, a, formB, columns, alpha, beta, c, 0, m, from, count, k);
          });
    }
  }

  /**
   * Columns of a piece for which OpenBLAS uses its small-matrix kernel, or all columns. Otherwise
   * OpenBLAS copies the weights before it multiplies, which takes longer than the product if there
   * are few rows: 16 x 288 x 864 took half the time in pieces. On AVX-512, OpenBLAS uses that
   * kernel up to these sizes.
   */
  private static int narrow(int m, int n, int k) {
    if (m == 1 || m > SMALL_ROWS) {
      return n;
    }
    long columns = Math.min(SMALL_RESULT / m, SMALL_PRODUCT / ((long) m * k)) / 16 * 16;
    return columns < 16 ? n : (int) Math.min(n, columns);
  }

  /**
   * Elements of a 16-bit matrix that products hold widened at the same time: a piece per thread,
   * and all of it if a batch has more rows than the matrix.
   */
  static long widenedElements(int rows, int columns, int batch, int threads) {
    long piece = Math.max((long) step(rows, PIECES) * columns, (long) step(columns, PIECES) * rows);
    long whole = batch >= Math.min(rows, columns) ? (long) rows * columns : 0;
    return Math.min(threads, PIECES) * piece + whole;
  }

  private int pieces(int m, int n, int k) {
    return (long) m * n * k < LARGE ? PIECES : Math.min(MOST_PIECES, workers.threads());
  }

  private static int step(int extent, int pieces) {
    int step = (extent + pieces - 1) / pieces;
    return Math.max(32, (step + 31) / 32 * 32);
  }

  /** Rows [m0, m0 + m) and columns [n0, n0 + n) of c; b is that of these columns. */
  private static void piece(
      Form formA,
      HeapMatrix a,
      Form formB,
      Operand b,
      double alpha,
      double beta,
      HeapMatrix c,
      int m0,
      int m,
      int n0,
      int n,
      int k) {
    long addressA = formA == Form.AS_IS ? a.address(m0, 0) : a.address(0, m0);
    cblas_sgemm(
        CblasRowMajor,
        formA == Form.AS_IS ? CblasNoTrans : CblasTrans,
        formB == Form.AS_IS ? CblasNoTrans : CblasTrans,
        m,
        n,
        k,
        (float) alpha,
        new Address().at(addressA),
        a.stride(),
        new Address().at(b.address()),
        b.stride(),
        (float) beta,
        new Address().at(c.address(m0, n0)),
        c.stride());
  }
}
