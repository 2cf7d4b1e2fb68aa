package org.lethe.compute.selection;

import org.lethe.compute.Backend;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.heap.HeapBackend;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The one place that chooses a backend. */
public final class Backends {
  private Backends() {}

  /**
   * The backend of this process for a data type: heap for FLOAT where ND4J computes on the CPU,
   * array otherwise.
   *
   * @param type FLOAT or DOUBLE
   */
  public static Backend of(DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException("Invalid type: " + type + ", expected FLOAT or DOUBLE");
    }
    boolean cpu = Nd4j.getBackend().getClass().getSimpleName().startsWith("Cpu");
    return cpu && type == DataType.FLOAT ? new HeapBackend() : new ArrayBackend(type);
  }
}
