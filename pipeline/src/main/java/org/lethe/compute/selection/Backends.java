package org.lethe.compute.selection;

import java.util.Locale;
import org.lethe.compute.Backend;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.heap.HeapBackend;
import org.lethe.tensor.NativeBackend;
import org.lethe.tensor.NativeBackend.Choice;
import org.nd4j.linalg.api.buffer.DataType;

/** The one place that chooses a backend, in the driver as in every executor. */
public final class Backends {
  private Backends() {}

  /**
   * The backend of this process for a data type, whatever ND4J loaded.
   *
   * @param type FLOAT or DOUBLE
   */
  public static Backend of(DataType type) {
    return decide(Choice.AUTO, type).backend();
  }

  /**
   * Decides for this process.
   *
   * @param requested the value of lethe.platform.backend
   * @param type FLOAT or DOUBLE
   * @throws org.lethe.error.LetheException PLATFORM if ND4J did not load what was requested
   */
  public static BackendDecision decide(Choice requested, DataType type) {
    return decide(requested, type, NativeBackend.loaded());
  }

  /** Decides by what ND4J loaded: heap for FLOAT on the CPU, array otherwise. */
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
