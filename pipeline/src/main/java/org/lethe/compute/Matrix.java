package org.lethe.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * A row-major window [rows, columns] of a backend's memory. Windows of one matrix share its memory.
 *
 * <p>A matrix has no address, because its memory may be out of the host's reach. Only {@link
 * #download} and {@link #upload} copy between it and the Java heap. They wait for the backend's
 * work on the matrix.
 */
public interface Matrix extends AutoCloseable {
  /** FLOAT or DOUBLE. */
  DataType type();

  /** Number of rows. */
  int rows();

  /** Number of columns. */
  int columns();

  /** A window of the first rows. */
  default Matrix top(int count) {
    return rows(0, count);
  }

  /** A window of a range of rows. */
  Matrix rows(int from, int count);

  /** A window of a range of columns. */
  Matrix columns(int from, int count);

  /**
   * Copies all elements to the heap, row by row.
   *
   * @param to [rows * columns]; DOUBLE elements are rounded
   */
  void download(float[] to);

  /**
   * Copies all elements to the heap, row by row.
   *
   * @param to [rows * columns]
   */
  void download(double[] to);

  /**
   * Copies from the heap, row by row.
   *
   * @param from [rows * columns]
   */
  void upload(float[] from);

  /**
   * Copies from the heap, row by row.
   *
   * @param from [rows * columns]; rounded for a FLOAT matrix
   */
  void upload(double[] from);

  /** Frees the memory at once, including that of all windows on it. */
  @Override
  void close();
}
