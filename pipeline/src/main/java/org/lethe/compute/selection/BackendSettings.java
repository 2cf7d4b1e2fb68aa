package org.lethe.compute.selection;

import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalLong;
import org.lethe.compute.Products;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.tensor.NativeBackend;

/**
 * Configuration of the backend. It travels to executors, which decide by it for themselves.
 *
 * @param choice of the backend
 * @param products precision of matrix products on a CUDA device
 * @param cublas file of cuBLAS, or empty to search for it
 */
public record BackendSettings(Choice choice, Products products, String cublas)
    implements Serializable {
  /** Values of {@code lethe.platform.backend}. */
  public enum Choice {
    /** Whatever device ND4J loaded. */
    AUTO(NativeBackend.Choice.AUTO),
    CPU(NativeBackend.Choice.CPU),
    /** ND4J's own CUDA backend, for devices up to Ampere. */
    ND4J_CUDA(NativeBackend.Choice.CUDA),
    /** Lethe's kernels, for devices from Ampere on. ND4J's device does not matter. */
    CUDA(NativeBackend.Choice.AUTO);

    private final NativeBackend.Choice nd4j;

    Choice(NativeBackend.Choice nd4j) {
      this.nd4j = nd4j;
    }

    /** What ND4J must have loaded. */
    public NativeBackend.Choice nd4j() {
      return nd4j;
    }
  }

  /** Accepts the device that ND4J loaded. */
  public static final BackendSettings DEFAULT =
      new BackendSettings(Choice.AUTO, Products.FLOAT, "");

  /** Whether tensors live on a CUDA device that ND4J does not know. */
  public boolean usesDevice() {
    return choice == Choice.CUDA;
  }

  /** The device, opened if it was not. */
  public CudaBackend cuda(int device) {
    return CudaBackend.open(
        device, products, cublas.isEmpty() ? Optional.empty() : Optional.of(cublas));
  }

  /** Bytes that are free on the first device, if tensors live there. */
  public OptionalLong freeDeviceBytes() {
    return usesDevice() ? OptionalLong.of(cuda(0).description().freeBytes()) : OptionalLong.empty();
  }
}
