package org.lethe.compute;

import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.heap.HeapBackend;
import org.nd4j.linalg.api.buffer.DataType;

/** Backends that every machine has. The array backend is the one that computes on devices. */
public enum TestBackend {
  HEAP_FLOAT(new HeapBackend()),
  ARRAY_FLOAT(new ArrayBackend(DataType.FLOAT)),
  ARRAY_DOUBLE(new ArrayBackend(DataType.DOUBLE));

  private final Backend backend;

  TestBackend(Backend backend) {
    this.backend = backend;
  }

  public Backend backend() {
    return backend;
  }

  /** Whether it computes in DOUBLE, for which results are compared to the last digits. */
  public boolean exact() {
    return backend.type() == DataType.DOUBLE;
  }

  /** The tolerance of this backend's type. */
  public double tolerance(double ofDouble, double ofFloat) {
    return exact() ? ofDouble : ofFloat;
  }
}
