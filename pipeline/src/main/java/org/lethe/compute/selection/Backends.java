package org.lethe.compute.selection;

import java.util.Locale;
import org.lethe.compute.Backend;
import org.lethe.compute.Products;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.cuda.CudaBackend;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.error.PlatformErrors;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.NativeBackend.Choice;
import org.nd4j.linalg.api.buffer.DataType;

/** Chooses the backend, in the driver and in every executor. Nothing else does. */
public final class Backends {
  private Backends() {}

  /**
   * Returns this process's backend for a data type, based on the library that ND4J loaded.
   *
   * @param type FLOAT or DOUBLE
   */
  public static Backend of(DataType type) {
    return decide(BackendSettings.DEFAULT, type, 0).backend();
  }

  /**
   * Chooses the backend of this process.
   *
   * @param requested configuration of the backend
   * @param type FLOAT or DOUBLE
   * @param device ordinal of the CUDA device for Lethe's kernels, among those of this process
   * @throws org.lethe.error.LetheException PLATFORM if the requested backend is not usable
   */
  public static BackendDecision decide(BackendSettings requested, DataType type, int device) {
    BackendDecision decision = decide(requested.choice().nd4j(), type, NativeBackend.loaded());
    if (type != DataType.FLOAT) {
      return decision;
    }
    if (requested.usesDevice()) {
      CudaBackend backend = requested.cuda(device);
      String products = backend.products().orElseThrow();
      return new BackendDecision(
          backend,
          decision.library().computing(products),
          "FLOAT on " + backend.description().device() + ", products in " + products);
    }
    if (requested.products() == Products.BFLOAT16) {
      if (decision.library().isCuda()) {
        throw PlatformErrors.noBfloatProducts("ND4J loaded its CUDA backend");
      }
      Backend backend = HeapBackend.ofBfloatProducts();
      String products = backend.products().orElseThrow();
      return new BackendDecision(
          backend,
          decision.library().computing(products),
          "FLOAT on the CPU, products in " + products);
    }
    return decision;
  }

  /** Chooses by the library that ND4J loaded: heap for FLOAT on the CPU, array otherwise. */
  static BackendDecision decide(Choice requested, DataType type, NativeBackend loaded) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid type: %s, expected FLOAT or DOUBLE", type));
    }
    loaded.require(requested);
    if (loaded.isCuda()) {
      return new BackendDecision(
          new ArrayBackend(type), loaded, type + " on a CUDA device, which heap cannot reach");
    }
    if (type == DataType.DOUBLE) {
      return new BackendDecision(
          new ArrayBackend(type), loaded, "DOUBLE on the CPU, where heap computes FLOAT only");
    }
    return new BackendDecision(new HeapBackend(), loaded, "FLOAT on the CPU");
  }
}
