package org.lethe.compute.cuda;

import org.lethe.compute.Compute.Form;
import org.lethe.compute.Matrix;
import org.lethe.compute.Products;
import org.lethe.tensor.Dtype;

/**
 * Matrix products in the configured precision. Tensor cores multiply BFLOAT16 factors exactly and
 * add in FLOAT, so a FLOAT factor beside BFLOAT16 weights is cut into BFLOAT16 parts: three hold
 * all bits of its mantissa, and two more than those of TF32.
 */
final class CudaProducts {
  /**
   * Least rows, columns and summands of a product whose factors are both rounded to BFLOAT16. Below
   * it, rounding moves more bytes than the product itself.
   */
  static final int SMALLEST = 128;

  /** Elements of a row start at multiples of 16 bytes, which cuBLAS's fastest kernels need. */
  private static final int ROW_ROUNDING = 8;

  private final CudaSession session;
  private final Products products;

  CudaProducts(CudaSession session, Products products) {
    this.session = session;
    this.products = products;
  }

  /** As {@link org.lethe.compute.Compute#multiply}. */
  void multiply(
      Form formA, CudaMatrix a, Form formB, Matrix b, double alpha, double beta, CudaMatrix c) {
    multiply(products, formA, a, formB, b, alpha, beta, c);
  }

  /** As {@link org.lethe.compute.Compute#multiplyPrecisely}: TF32 takes the place of BFLOAT16. */
  void multiplyPrecisely(
      Form formA, CudaMatrix a, Form formB, Matrix b, double alpha, double beta, CudaMatrix c) {
    multiply(floats(), formA, a, formB, b, alpha, beta, c);
  }

  /** Precision of products of factors that stay FLOAT. */
  private Products floats() {
    return products == Products.BFLOAT16 ? Products.TF32 : products;
  }

  private void multiply(
      Products precision,
      Form formA,
      CudaMatrix a,
      Form formB,
      Matrix b,
      double alpha,
      double beta,
      CudaMatrix c) {
    int inner = formA == Form.AS_IS ? a.columns() : a.rows();
    int least = Math.min(inner, Math.min(c.rows(), c.columns()));
    if (b instanceof CudaHalfMatrix half) {
      try (Parts left = new Parts(a, parts(precision))) {
        Cublas.Factor weights =
            new Cublas.Factor(formB, half.address(), half.columns(), Cublas.BFLOAT16);
        left.multiply(formA, weights, inner, alpha, beta, c);
      }
    } else if (precision == Products.BFLOAT16 && least >= SMALLEST) {
      try (Parts left = new Parts(a, 1);
          Parts right = new Parts((CudaMatrix) b, 1)) {
        left.multiply(formA, right.factor(formB, 0), inner, alpha, beta, c);
      }
    } else {
      Cublas.Factor left = Cublas.Factor.of(formA, a);
      Cublas.Factor right = Cublas.Factor.of(formB, (CudaMatrix) b);
      session.cublas().multiply(floats(), left, right, inner, alpha, beta, c);
    }
  }

  /** Number of BFLOAT16 parts that hold the precision of a factor. */
  private static int parts(Products precision) {
    return switch (precision) {
      case FLOAT -> 3;
      case TF32 -> 2;
      case BFLOAT16 -> 1;
    };
  }

  /**
   * Bytes of the rounded factors of a map's products, at most: inputs, outputs or their gradients,
   * and the weight.
   */
  static long roundedBytes(int rows, int columns, int batch) {
    long weight = partBytes(rows, columns);
    long widest = partBytes(batch, Math.max(rows, columns));
    return widest + Math.max(weight, partBytes(batch, Math.min(rows, columns)));
  }

  /** Bytes of the parts of a factor beside a BFLOAT16 weight, at most. */
  static long cutBytes(Products precision, int rows, int columns, int batch) {
    return parts(precision) * partBytes(batch, Math.max(rows, columns));
  }

  private static long partBytes(int rows, int columns) {
    return (long) Dtype.BF16.bytes() * rows * stride(columns);
  }

  private static int stride(int columns) {
    return Grid.divided(columns, ROW_ROUNDING) * ROW_ROUNDING;
  }

  /** BFLOAT16 parts of a matrix, largest first. */
  private final class Parts implements AutoCloseable {
    private final DeviceMemory.Block block;
    private final int stride;
    private final long bytes;
    private final int count;

    Parts(CudaMatrix x, int count) {
      this.count = count;
      stride = stride(x.columns());
      bytes = partBytes(x.rows(), x.columns());
      block = session.memory().allocate(count * bytes);
      session.launch(
          "split_rows",
          Grid.rows(x.rows(), x.columns()),
          x,
          block.address(),
          count,
          bytes / Dtype.BF16.bytes(),
          stride);
    }

    Cublas.Factor factor(Form form, int part) {
      return new Cublas.Factor(form, block.address() + part * bytes, stride, Cublas.BFLOAT16);
    }

    /** Multiplies all parts, smallest first, and adds the products. */
    void multiply(
        Form form, Cublas.Factor right, int inner, double alpha, double beta, CudaMatrix c) {
      for (int part = count - 1; part >= 0; part--) {
        double kept = part == count - 1 ? beta : 1;
        session
            .cublas()
            .multiply(Products.BFLOAT16, factor(form, part), right, inner, alpha, kept, c);
      }
    }

    @Override
    public void close() {
      block.close();
    }
  }
}
