package org.lethe.compute.selection;

import java.util.List;
import java.util.Locale;
import org.lethe.compute.Products;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.heap.HeapBackend;

/**
 * A report for users about a CUDA device: its libraries, and a comparison of its arithmetic with
 * the CPU's.
 *
 * @param device name, compute capability and free memory
 * @param driver CUDA version of the driver
 * @param cublas file and version
 * @param kernels number of loaded kernels
 * @param results differences from the CPU, by operation
 * @param limit largest difference that rounding explains
 */
public record DeviceReport(
    String device,
    String driver,
    String cublas,
    int kernels,
    List<SelfTest.Result> results,
    double limit) {
  private static final double GIB = 1L << 30;
  private static final double LIMIT = 1e-5;
  private static final double LIMIT_OF_TF32 = 2e-3;
  private static final double LIMIT_OF_BFLOAT16 = 1e-2;

  /**
   * Opens the first device and tests it.
   *
   * @throws org.lethe.error.LetheException PLATFORM if the device is not usable
   */
  public static DeviceReport of(BackendSettings settings) {
    CudaBackend backend = settings.cuda(0);
    CudaBackend.Description description = backend.description();
    return new DeviceReport(
        String.format(
            Locale.ROOT,
            "%s, compute capability %s, %.1f GiB free",
            description.device(),
            description.capability(),
            description.freeBytes() / GIB),
        "CUDA " + description.driver() / 1000 + "." + description.driver() % 1000 / 10,
        description.cublas()
            + ", version "
            + description.cublasVersion() / 10_000
            + "."
            + description.cublasVersion() % 10_000 / 100,
        description.kernels(),
        SelfTest.run(backend, new HeapBackend()),
        limit(settings.products()));
  }

  private static double limit(Products products) {
    return switch (products) {
      case FLOAT -> LIMIT;
      case TF32 -> LIMIT_OF_TF32;
      case BFLOAT16 -> LIMIT_OF_BFLOAT16;
    };
  }

  /** The largest difference of all operations. */
  public double largest() {
    return results.stream().mapToDouble(SelfTest.Result::difference).max().orElse(0);
  }

  /** Operations that differ by more than rounding explains. */
  public List<SelfTest.Result> wrong() {
    return results.stream().filter(result -> !(result.difference() <= limit)).toList();
  }
}
