package org.lethe.model.architecture;

import java.util.List;

/**
 * Name and shape of one tensor.
 *
 * @param name Hugging Face or PEFT name
 * @param rows rows of the matrix; 1 for a vector
 * @param columns columns of the matrix; length of a vector
 * @param dimensions dimensions in files: 2 for a matrix, 1 for a vector
 */
public record TensorSpec(String name, int rows, int columns, int dimensions) {
  /** A matrix [rows, columns]. */
  public static TensorSpec matrix(String name, int rows, int columns) {
    return new TensorSpec(name, rows, columns, 2);
  }

  /** A vector [length]. */
  public static TensorSpec vector(String name, int length) {
    return new TensorSpec(name, 1, length, 1);
  }

  /** Number of elements of several tensors. */
  public static long length(List<TensorSpec> tensors) {
    return tensors.stream().mapToLong(TensorSpec::length).sum();
  }

  /** Whether the tensor has one dimension in files. */
  public boolean isVector() {
    return dimensions == 1;
  }

  /** Number of elements. */
  public long length() {
    return (long) rows * columns;
  }

  /** Extents in files: [rows, columns] or [length]. */
  public long[] shape() {
    return isVector() ? new long[] {columns} : new long[] {rows, columns};
  }

  /** {@link #shape} as a list. */
  public List<Long> extents() {
    return isVector() ? List.of((long) columns) : List.of((long) rows, (long) columns);
  }

  /** The rows of a matrix or the elements of a vector: one for each output of a linear map. */
  public int outputs() {
    return isVector() ? columns : rows;
  }
}
