package org.lethe.compute.array;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce3.Dot;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products that write into a given window. {@code Nd4j.gemm} rejects windows before it runs
 * the same operation.
 */
final class ArrayProducts {
  /** Whether an operand is read transposed. */
  enum Operands {
    AS_ARE(false, false),
    FIRST_TRANSPOSED(true, false),
    SECOND_TRANSPOSED(false, true),
    BOTH_TRANSPOSED(true, true);

    private final boolean first;
    private final boolean second;

    Operands(boolean first, boolean second) {
      this.first = first;
      this.second = second;
    }

    static Operands of(boolean firstTransposed, boolean secondTransposed) {
      if (firstTransposed) {
        return secondTransposed ? BOTH_TRANSPOSED : FIRST_TRANSPOSED;
      }
      return secondTransposed ? SECOND_TRANSPOSED : AS_ARE;
    }
  }

  private ArrayProducts() {}

  /**
   * c = alpha op(a) op(b) + beta c, for each matrix of the leading dimension if the arrays have
   * three.
   *
   * @param operands which of a and b are transposed
   */
  static void multiply(
      Operands operands, INDArray a, INDArray b, double alpha, double beta, INDArray c) {
    MMulTranspose transposed = new MMulTranspose(operands.first, operands.second, false);
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, transposed));
  }

  /** Sums of a b over the last dimension, which is kept with extent 1. */
  static INDArray rowProducts(INDArray a, INDArray b) {
    long[] shape = a.shape().clone();
    int last = shape.length - 1;
    shape[last] = 1;
    INDArray sums = Nd4j.createUninitialized(a.dataType(), shape);
    return Nd4j.exec(new Dot(a, b, sums, true, false, last));
  }
}
