package org.lethe.compute.heap;

import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.compute.heap.OneDnnPrimitive.Product;
import org.lethe.compute.heap.RoundedFactors.Factor;
import org.lethe.tensor.Dtype;

/**
 * Products of factors rounded to BFLOAT16, summed in FLOAT. Factors are rounded into memory that is
 * kept from product to product; frozen weights in BFLOAT16 need no rounding. Small products stay in
 * FLOAT, since rounding their factors would take as long as multiplying them.
 *
 * <p>Results do not depend on the number of threads: rows and columns may be cut anywhere, and sums
 * are cut by shape only.
 */
final class BfloatProducts {
  /** Least rows, columns and summands of a product with factors to round. */
  static final int SMALLEST = 64;

  /** Pieces of a product below {@link #LARGE}, so that threads can share it. */
  private static final int PIECES = 8;

  /**
   * Number of multiplications from which a product has one piece for each thread. oneDNN copies the
   * other factor for every piece: eight pieces take 13 to 40 % longer than two. A cut changes no
   * sum.
   */
  private static final long LARGE = 1L << 27;

  /**
   * Summands of weight gradients that are added at a time. oneDNN turns the first factor in cached
   * memory then: products of 2048 rows reach 540 to 610 GFLOP/s a thread, and 350 to 430 in one go.
   */
  private static final int SUMMANDS = 512;

  private static final int SMALLEST_STEP = 128;
  private static final int STEP_ROUNDING = 64;

  private final Workers workers;
  private final FloatProducts floats;
  private final SecondFactor widened;
  private final KeptWeights kept;
  private final OneDnnCache[] compiled;
  private final RoundedFactors factors;

  BfloatProducts(Workers workers, OneDnn library, FloatProducts floats) {
    this.workers = workers;
    compiled = OneDnnCache.ofThreads(library, workers.threads());
    this.floats = floats;
    widened = new SecondFactor(workers);
    kept = new KeptWeights(workers, library, compiled, widened);
    factors = new RoundedFactors(workers, compiled);
  }

  /** As {@link Compute#holdWeights}. */
  Compute.Hold holdWeights() {
    Compute.Hold copies = kept.hold();
    Compute.Hold ofFloatProducts = floats.holdWeights();
    return () -> {
      copies.close();
      ofFloatProducts.close();
    };
  }

  /** As {@link Compute#holdFactor}. */
  Compute.Hold holdFactor(HeapMatrix factor) {
    return factors.hold(factor);
  }

  /**
   * As {@link Compute#multiply}.
   *
   * @param b a {@link HeapMatrix} or a {@link HalfMatrix}
   */
  void multiply(
      Form formA, HeapMatrix a, Form formB, Matrix b, double alpha, double beta, HeapMatrix c) {
    int m = c.rows();
    int n = c.columns();
    int k = formA == Form.AS_IS ? a.columns() : a.rows();
    boolean ready = b instanceof HalfMatrix half && half.dtype() == Dtype.BF16;
    if (!ready && kept.serves(formA, b, alpha, m, n, k)) {
      Factor left = factors.first(formA, a);
      kept.multiply(left.address(), left.stride(), formB, b, beta, c);
      return;
    }
    if (Math.min(n, k) < SMALLEST || (m < SMALLEST && !ready)) {
      floats.multiply(formA, a, formB, b, alpha, beta, c);
      return;
    }
    Factor left = factors.first(formA, a);
    Factor right =
        ready
            ? new Factor(formB, ((HalfMatrix) b).address(), b.columns())
            : factors.second(formB, widened.whole(b));
    int extent = Math.max(m, n);
    int step = step(extent, (long) m * n * k < LARGE ? PIECES : workers.threads());
    int summands = formA == Form.TRANSPOSED ? SUMMANDS : k;
    workers.run(
        (extent + step - 1) / step,
        (task, worker) -> {
          int from = task * step;
          int count = Math.min(step, extent - from);
          int row = m >= n ? from : 0;
          int column = m >= n ? 0 : from;
          for (int at = 0; at < k; at += summands) {
            Product piece =
                new Product(
                    m >= n ? count : m,
                    m >= n ? n : count,
                    Math.min(summands, k - at),
                    formA,
                    left.stride(),
                    formB,
                    right.stride(),
                    c.stride(),
                    (float) alpha,
                    at == 0 ? (float) beta : 1);
            compiled[worker]
                .product(piece)
                .run(left.at(row, at), right.at(at, column), c.address(row, column));
          }
        });
  }

  private static int step(int extent, int pieces) {
    int step = (extent + pieces - 1) / pieces;
    return Math.max(SMALLEST_STEP, (step + STEP_ROUNDING - 1) / STEP_ROUNDING * STEP_ROUNDING);
  }

  /**
   * Most bytes that the factors of a map's products take: inputs, outputs or their gradients, and
   * the weight. If inputs are first, the gradient of the outputs is held while the inputs are the
   * first factor.
   */
  static long roundedBytes(int rows, int columns, int batch) {
    long weight = (long) rows * columns;
    long inputsAndOutputs = (long) batch * (rows + columns);
    return Dtype.BF16.bytes()
        * (inputsAndOutputs + Math.max(weight, (long) batch * Math.min(rows, columns)));
  }
}
