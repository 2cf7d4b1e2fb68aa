package org.lethe.compute;

import java.nio.ByteBuffer;
import org.lethe.tensor.TensorValues;

/**
 * A flat vector of parameters, gradients or moments in a backend's memory. Slices, views and
 * matrices of one vector share its memory.
 *
 * <p>A vector has no address. {@link #get} and {@link #put} copy between it and the Java heap; the
 * forms with bytes copy the memory's own little-endian bytes, which is how state moves between
 * processes.
 */
public interface FlatVector extends TensorValues, AutoCloseable {
  /** The arithmetic of the backend that holds this vector. */
  VectorMath math();

  /** A view of a range of elements. */
  FlatVector slice(long from, long length);

  /** A view as a tensor in C order, starting at an element. */
  TensorValues tensor(long from, long... shape);

  /** A view as a matrix [rows, columns], starting at an element. */
  Matrix matrix(long from, int rows, int columns);

  /**
   * Copies raw bytes to the heap.
   *
   * @param from index of the first byte
   */
  void get(long from, byte[] to);

  /**
   * Copies raw bytes from the heap.
   *
   * @param to index of the first byte to overwrite
   */
  void put(long to, byte[] from);

  /**
   * Copies raw bytes to a buffer, until it is full.
   *
   * @param from index of the first byte
   */
  default void get(long from, ByteBuffer to) {
    byte[] bytes = new byte[to.remaining()];
    get(from, bytes);
    to.put(bytes);
  }

  /**
   * Copies the remaining bytes of a buffer.
   *
   * @param to index of the first byte to overwrite
   */
  default void put(long to, ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    put(to, bytes);
  }

  /** Frees the memory at once, including that of all slices, views and matrices. */
  @Override
  void close();
}
