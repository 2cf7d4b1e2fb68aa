package org.lethe.compute;

import java.util.function.Supplier;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.compute.heap.HeapBackend;
import org.nd4j.linalg.api.buffer.DataType;

/** All backends. The CUDA device is emulated unless the machine's own is requested. */
public enum TestBackend {
  HEAP_FLOAT(DataType.FLOAT, HeapBackend::new),
  ARRAY_FLOAT(DataType.FLOAT, () -> new ArrayBackend(DataType.FLOAT)),
  ARRAY_DOUBLE(DataType.DOUBLE, () -> new ArrayBackend(DataType.DOUBLE)),
  CUDA_FLOAT(DataType.FLOAT, TestDevice::backend);

  private final DataType type;
  private final Supplier<Backend> backend;

  TestBackend(DataType type, Supplier<Backend> backend) {
    this.type = type;
    this.backend = backend;
  }

  /** Returns the backend. Skips the test if it is not available. */
  public Backend backend() {
    return backend.get();
  }

  /** Whether the backend computes in DOUBLE, so that results are compared to the last digits. */
  public boolean exact() {
    return type == DataType.DOUBLE;
  }

  /** Returns the tolerance for this backend's data type. */
  public double tolerance(double ofDouble, double ofFloat) {
    return exact() ? ofDouble : ofFloat;
  }
}
