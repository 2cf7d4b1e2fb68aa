package org.lethe.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Where tensors of one data type live and who computes with them. Everything above this package
 * uses these interfaces. Only a backend's own package knows whether its memory is the Java heap,
 * ND4J's memory or a device. A backend does not accept memory of another one.
 */
public interface Backend {
  /** Name for reports: {@code heap}, {@code array}. */
  String name();

  /** Data type of all tensors, FLOAT or DOUBLE. */
  DataType type();

  /** Default number of threads for its arithmetic in this process. */
  int threads();

  /**
   * Returns the arithmetic for one decoder. Only one thread may use it at a time.
   *
   * @param threads number of threads it may use, including the calling thread
   */
  Compute compute(int threads);

  /** Allocates a matrix. Its content is undefined. */
  Matrix matrix(int rows, int columns);

  /** Returns the arithmetic for flat vectors. It is thread-safe. */
  VectorMath vectors();
}
