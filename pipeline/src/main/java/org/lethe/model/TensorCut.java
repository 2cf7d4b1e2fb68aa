package org.lethe.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Named tensors cut one after another from a flat vector, of parameters or of gradients. Neighbours
 * can be taken together: query, key and value weights lie side by side, and so do gate and up.
 */
final class TensorCut {
  /**
   * @param name Hugging Face or PEFT name
   * @param rows of the matrix; 1 for a vector
   * @param columns of the matrix
   * @param vector whether the tensor has one dimension in files
   */
  record Tensor(String name, int rows, int columns, boolean vector) {
    static Tensor matrix(String name, int rows, int columns) {
      return new Tensor(name, rows, columns, false);
    }

    static Tensor vector(String name, int length) {
      return new Tensor(name, 1, length, true);
    }

    long length() {
      return (long) rows * columns;
    }

    long[] shape() {
      return vector ? new long[] {columns} : new long[] {rows, columns};
    }
  }

  private final INDArray flat;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  TensorCut(List<Tensor> ordered, INDArray vector) {
    flat = vector.reshape('c', new long[] {vector.length()});
    long offset = 0;
    for (Tensor tensor : ordered) {
      tensors.put(tensor.name(), tensor);
      offsets.put(tensor.name(), offset);
      offset += tensor.length();
    }
    if (offset != flat.length()) {
      throw new IllegalArgumentException("Invalid vector: " + flat.length() + " of " + offset);
    }
  }

  static long length(List<Tensor> tensors) {
    return tensors.stream().mapToLong(Tensor::length).sum();
  }

  Iterable<Tensor> tensors() {
    return tensors.values();
  }

  boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** The tensor in its own shape. */
  INDArray array(Tensor tensor) {
    return piece(tensor.name(), tensor.length()).reshape('c', tensor.shape());
  }

  Matrix matrix(String name) {
    Tensor tensor = tensors.get(name);
    return Matrix.of(piece(name, tensor.length()), tensor.rows(), tensor.columns());
  }

  /** This tensor and its next neighbours as one matrix; a vector grows in length. */
  Matrix fused(String firstName, int count) {
    int rows = 0;
    int columns = 0;
    boolean vector = tensors.get(firstName).vector();
    int taken = 0;
    for (Tensor tensor : tensors.values()) {
      if (taken > 0 || tensor.name().equals(firstName)) {
        rows = vector ? 1 : rows + tensor.rows();
        columns = vector ? columns + tensor.columns() : tensor.columns();
        if (++taken == count) {
          break;
        }
      }
    }
    return Matrix.of(piece(firstName, (long) rows * columns), rows, columns);
  }

  private INDArray piece(String name, long length) {
    long offset = offsets.get(name);
    return flat.get(NDArrayIndex.interval(offset, offset + length));
  }
}
