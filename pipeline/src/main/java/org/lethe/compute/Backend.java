package org.lethe.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Where tensors of one data type live and who computes with them. Everything above this package
 * uses these interfaces; only a backend's own package knows whether its memory is the Java heap's,
 * ND4J's or a device's. What one backend made, no other takes.
 */
public interface Backend {
  /** Name for reports: {@code heap}, {@code array}. */
  String name();

  /** Type of all its tensors, FLOAT or DOUBLE. */
  DataType type();

  /** Threads that its arithmetic uses in this process unless it is told otherwise. */
  int threads();

  /**
   * The arithmetic of one decoder, which belongs to one thread at a time.
   *
   * @param threads that it may use, the calling thread included
   */
  Compute compute(int threads);

  /** A matrix of its own memory, not zeroed by contract. */
  Matrix matrix(int rows, int columns);

  /** The arithmetic of flat vectors, which threads may share. */
  VectorMath vectors();
}
