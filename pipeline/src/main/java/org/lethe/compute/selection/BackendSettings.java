package org.lethe.compute.selection;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.lethe.compute.Graphs;
import org.lethe.compute.Products;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.error.PlatformErrors;
import org.lethe.tensor.NativeBackend;

/**
 * Configuration of the backend. The driver sends it to executors, and each makes its own choice
 * from it.
 *
 * @param choice of the backend
 * @param products precision of the factors of matrix products
 * @param cublas file of cuBLAS, or empty to search for it
 * @param graphs whether recurring work is replayed from CUDA graphs
 */
public record BackendSettings(Choice choice, Products products, String cublas, Graphs graphs)
    implements Serializable {
  /** Values of {@code lethe.platform.backend}. */
  public enum Choice {
    /** The device that ND4J loaded. */
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

    /** The ND4J library that this choice requires. */
    public NativeBackend.Choice nd4j() {
      return nd4j;
    }
  }

  /**
   * Rejects products and graphs that the backend does not have.
   *
   * @throws org.lethe.error.LetheException USAGE
   */
  public BackendSettings {
    if (products == Products.TF32 && choice != Choice.CUDA) {
      throw PlatformErrors.noSuchProducts(
          products.name().toLowerCase(Locale.ROOT), "float or bfloat16", name(choice));
    }
    if (graphs == Graphs.ON && choice != Choice.CUDA) {
      throw PlatformErrors.noGraphs(name(choice));
    }
  }

  /** Settings without graphs. */
  public BackendSettings(Choice choice, Products products, String cublas) {
    this(choice, products, cublas, Graphs.OFF);
  }

  private static String name(Choice choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Accepts the device that ND4J loaded. */
  public static final BackendSettings DEFAULT =
      new BackendSettings(Choice.AUTO, Products.FLOAT, "");

  /** Whether tensors live on a CUDA device that ND4J does not know. */
  public boolean usesDevice() {
    return choice == Choice.CUDA;
  }

  /** Returns the device; opens it on first use. */
  public CudaBackend cuda(int device) {
    return CudaBackend.open(
        device, products, cublas.isEmpty() ? Optional.empty() : Optional.of(cublas), graphs);
  }

  /** Free bytes on the first device, if tensors live on a device. */
  public OptionalLong freeDeviceBytes() {
    return usesDevice() ? OptionalLong.of(cuda(0).description().freeBytes()) : OptionalLong.empty();
  }
}
