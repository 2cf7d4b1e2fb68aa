package org.lethe.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Elements of a tensor in any memory, read and written in bulk and in C order. Elements of the
 * other type are converted; DOUBLE is rounded to FLOAT.
 */
public interface TensorValues {
  /** FLOAT or DOUBLE. */
  DataType type();

  /** Extent of each dimension. */
  long[] shape();

  /** Number of elements. */
  default long length() {
    long length = 1;
    for (long extent : shape()) {
      length = Math.multiplyExact(length, extent);
    }
    return length;
  }

  /**
   * Copies elements to the heap.
   *
   * @param from first element
   * @param at position of its copy in {@code to}
   */
  void get(long from, float[] to, int at, int count);

  /** Copies elements to the heap. */
  void get(long from, double[] to, int at, int count);

  /**
   * Copies elements from the heap.
   *
   * @param to first element to overwrite
   * @param at position of its value in {@code from}
   */
  void put(long to, float[] from, int at, int count);

  /** Copies elements from the heap. */
  void put(long to, double[] from, int at, int count);

  /** Returns the value nearest to a FLOAT that an element can hold. */
  default float nearest(float value) {
    return value;
  }
}
