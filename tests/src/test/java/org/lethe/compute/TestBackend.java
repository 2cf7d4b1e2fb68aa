package org.lethe.compute;

import java.util.function.Supplier;
import org.lethe.compute.array.ArrayBackend;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.compute.heap.HeapBackend;
import org.nd4j.linalg.api.buffer.DataType;

/** All backends. A CUDA device is emulated unless the tests are told to use the machine's. */
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

  /** The backend; skips the test where there is none. */
  public Backend backend() {
    return backend.get();
  }

  /** Whether it computes in DOUBLE, for which results are compared to the last digits. */
  public boolean exact() {
    return type == DataType.DOUBLE;
  }

  /** The tolerance of this backend's type. */
  public double tolerance(double ofDouble, double ofFloat) {
    return exact() ? ofDouble : ofFloat;
  }
}
