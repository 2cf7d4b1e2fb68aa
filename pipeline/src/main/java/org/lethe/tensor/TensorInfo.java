package org.lethe.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a safetensors header, without its position.
 *
 * @param name full name
 * @param dtype element type
 * @param shape sizes, outermost first; empty for a scalar
 */
public record TensorInfo(String name, Dtype dtype, List<Long> shape) {
  public TensorInfo {
    shape = List.copyOf(shape);
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("Invalid shape: " + shape + " of tensor " + name);
      }
    }
  }

  /** Creates the description from a shape array. */
  public static TensorInfo of(String name, Dtype dtype, long... shape) {
    return new TensorInfo(name, dtype, Arrays.stream(shape).boxed().toList());
  }

  /**
   * Number of elements.
   *
   * @throws ArithmeticException if it does not fit into a long
   */
  public long elements() {
    long elements = 1;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }

  /**
   * Number of bytes.
   *
   * @throws ArithmeticException if it does not fit into a long
   */
  public long bytes() {
    return Math.multiplyExact(elements(), (long) dtype.bytes());
  }

  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
