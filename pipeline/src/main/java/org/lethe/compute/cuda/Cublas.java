package org.lethe.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.lethe.compute.Compute.Form;
import org.lethe.compute.Products;
import org.lethe.error.CudaErrors;

/** Matrix products by cuBLAS, in the same stream as the kernels. */
final class Cublas {
  /** Values of cudaDataType_t. */
  private static final int FLOAT = 0;

  static final int BFLOAT16 = 14;

  private static final int DEFAULT_ALGORITHM = -1;

  /** NVIDIA's recommendation for Hopper, the largest. */
  private static final long WORKSPACE_BYTES = 32 << 20;

  private final Device device;
  private final String library;
  private final int version;
  private final long handle;
  private final Memory factors = new Memory(2L * Float.BYTES);

  /**
   * A factor of a product.
   *
   * @param form whether it is read transposed
   * @param address of its first element
   * @param stride elements from one row to the next
   * @param type {@link #FLOAT} or {@link #BFLOAT16}
   */
  record Factor(Form form, long address, int stride, int type) {
    static Factor of(Form form, CudaMatrix matrix) {
      return new Factor(form, matrix.address(), matrix.stride(), FLOAT);
    }

    /** Value of cublasOperation_t. */
    private int operation() {
      return form == Form.AS_IS ? 0 : 1;
    }
  }

  private Cublas(Device device, String library, int version, long handle) {
    this.device = device;
    this.library = library;
    this.version = version;
    this.handle = handle;
  }

  static Cublas open(Device device, DeviceMemory memory, Optional<String> file) {
    String library = CublasLibrary.load(file);
    device.enter();
    long[] handle = new long[1];
    check(CublasLibrary.cublasCreate(handle), "cublasCreate");
    // The order matters: cublasSetStream returns to the library's own workspace.
    check(CublasLibrary.cublasSetStream(handle[0], device.stream().handle()), "cublasSetStream");
    long workspace = memory.allocateLasting(WORKSPACE_BYTES).address();
    check(
        CublasLibrary.cublasSetWorkspace(handle[0], workspace, WORKSPACE_BYTES),
        "cublasSetWorkspace");
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

  /**
   * c = alpha op(a) op(b) + beta c.
   *
   * @param inner number of summands of an element
   */
  void multiply(
      Products products, Factor a, Factor b, int inner, double alpha, double beta, CudaMatrix c) {
    device.enter();
    Result result = new Result(c.rows(), c.columns(), c.address(), c.stride());
    device.stream()
        .start(
            new Product(
                this, computeType(products), a, b, inner, (float) alpha, (float) beta, result));
  }

  /** Where a product goes. */
  private record Result(int rows, int columns, long address, int stride) {}

  private record Product(
      Cublas cublas,
      int computeType,
      Factor a,
      Factor b,
      int inner,
      float alpha,
      float beta,
      Result c)
      implements Operation {
    @Override
    public void start() {
      cublas.factors.setFloat(0, alpha);
      cublas.factors.setFloat(Float.BYTES, beta);
      long alphaAddress = Pointer.nativeValue(cublas.factors);
      // cuBLAS is column-major, so it computes the transposed product op(b)^T op(a)^T.
      check(
          CublasLibrary.cublasGemmEx(
              cublas.handle,
              b.operation(),
              a.operation(),
              c.columns,
              c.rows,
              inner,
              alphaAddress,
              b.address(),
              b.type(),
              b.stride(),
              a.address(),
              a.type(),
              a.stride(),
              alphaAddress + Float.BYTES,
              c.address,
              FLOAT,
              c.stride,
              computeType,
              DEFAULT_ALGORITHM),
          "cublasGemmEx");
    }
  }

  /** Value of cublasComputeType_t. Sums are FLOAT in all of them. */
  private static int computeType(Products products) {
    return switch (products) {
      case FLOAT, BFLOAT16 -> 68;
      case TF32 -> 77;
    };
  }

  private static void check(int status, String function) {
    if (status != 0) {
      throw CudaErrors.callFailed(function, "cuBLAS status", status);
    }
  }
}
