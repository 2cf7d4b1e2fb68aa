package org.lethe.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Products;
import org.lethe.error.CudaErrors;

/** Matrix products by cuBLAS, in the same stream as the kernels. */
final class Cublas {
  private static final int FLOAT = 0;
  private static final int DEFAULT_ALGORITHM = -1;

  private final Device device;
  private final String library;
  private final int version;
  private final long handle;
  private final Memory factors = new Memory(2L * Float.BYTES);

  private Cublas(Device device, String library, int version, long handle) {
    this.device = device;
    this.library = library;
    this.version = version;
    this.handle = handle;
  }

  static Cublas open(Device device, Optional<String> file) {
    String library = CublasLibrary.load(file);
    device.enter();
    long[] handle = new long[1];
    check(CublasLibrary.cublasCreate(handle), "cublasCreate");
    int[] version = new int[1];
    check(CublasLibrary.cublasGetVersion(handle[0], version), "cublasGetVersion");
    return new Cublas(device, library, version[0], handle[0]);
  }

  /** File from which the library was loaded. */
  String library() {
    return library;
  }

  /** Version of cuBLAS: 10000 major + 100 minor + patch. */
  int version() {
    return version;
  }

  /** c = alpha op(a) op(b) + beta c. */
  synchronized void multiply(
      Products products,
      Form formA,
      CudaMatrix a,
      Form formB,
      CudaMatrix b,
      double alpha,
      double beta,
      CudaMatrix c) {
    device.enter();
    factors.setFloat(0, (float) alpha);
    factors.setFloat(Float.BYTES, (float) beta);
    long alphaAddress = Pointer.nativeValue(factors);
    int inner = formA == Form.AS_IS ? a.columns() : a.rows();
    // cuBLAS is column-major, so it computes the transposed product op(b)^T op(a)^T.
    check(
        CublasLibrary.cublasGemmEx(
            handle,
            operation(formB),
            operation(formA),
            c.columns(),
            c.rows(),
            inner,
            alphaAddress,
            b.address(),
            FLOAT,
            b.stride(),
            a.address(),
            FLOAT,
            a.stride(),
            alphaAddress + Float.BYTES,
            c.address(),
            FLOAT,
            c.stride(),
            computeType(products),
            DEFAULT_ALGORITHM),
        "cublasGemmEx");
  }

  /** Value of cublasComputeType_t. */
  private static int computeType(Products products) {
    return switch (products) {
      case FLOAT -> 68;
      case TF32 -> 77;
      case BFLOAT16 -> throw new IllegalArgumentException("Invalid products: " + products);
    };
  }

  private static int operation(Form form) {
    return form == Form.AS_IS ? 0 : 1;
  }

  private static void check(int status, String function) {
    if (status != 0) {
      throw CudaErrors.callFailed(function, "cuBLAS status", status);
    }
  }
}
