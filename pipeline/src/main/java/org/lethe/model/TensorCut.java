package org.lethe.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.tensor.TensorValues;

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

  private record Place(FlatVector flat, long offset) {}

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  private TensorCut() {}

  TensorCut(List<Tensor> ordered, FlatVector flat) {
    long offset = 0;
    for (Tensor tensor : ordered) {
      tensors.put(tensor.name(), tensor);
      places.put(tensor.name(), new Place(flat, offset));
      offset += tensor.length();
    }
    if (offset != flat.length()) {
      throw new IllegalArgumentException("Invalid vector: " + flat.length() + " of " + offset);
    }
  }

  /** Nothing at all. */
  static TensorCut empty() {
    return new TensorCut();
  }

  /** Both together, in the order given. */
  static TensorCut joined(List<Tensor> ordered, TensorCut a, TensorCut b) {
    TensorCut joined = new TensorCut();
    for (Tensor tensor : ordered) {
      TensorCut of = a.contains(tensor.name()) ? a : b;
      joined.tensors.put(tensor.name(), tensor);
      joined.places.put(tensor.name(), of.places.get(tensor.name()));
    }
    return joined;
  }

  static long length(List<Tensor> tensors) {
    return tensors.stream().mapToLong(Tensor::length).sum();
  }

  Iterable<Tensor> tensors() {
    return tensors.values();
  }

  boolean contains(String name) {
    return places.get(name) != null;
  }

  /** The tensor in its own shape. */
  TensorValues values(Tensor tensor) {
    Place place = places.get(tensor.name());
    return place.flat().tensor(place.offset(), tensor.shape());
  }

  Matrix matrix(String name) {
    Tensor tensor = tensors.get(name);
    return window(places.get(name), tensor.rows(), tensor.columns());
  }

  /**
   * Tensors one below the other, vectors one after the other. Those that this cut lacks are left
   * out; those that lie side by side are one part.
   */
  Parts parts(List<Tensor> stacked) {
    List<Parts.Part> parts = new ArrayList<>();
    int output = 0;
    for (int i = 0; i < stacked.size(); ) {
      Tensor first = stacked.get(i);
      int outputs = outputs(first);
      Place place = places.get(first.name());
      long length = first.length();
      i++;
      while (place != null && i < stacked.size() && follows(stacked.get(i), place, length)) {
        outputs += outputs(stacked.get(i));
        length += stacked.get(i).length();
        i++;
      }
      if (place != null) {
        Matrix matrix =
            first.vector() ? window(place, 1, outputs) : window(place, outputs, first.columns());
        parts.add(new Parts.Part(output, matrix));
      }
      output += outputs;
    }
    return new Parts(parts);
  }

  private static int outputs(Tensor tensor) {
    return tensor.vector() ? tensor.columns() : tensor.rows();
  }

  private boolean follows(Tensor tensor, Place place, long length) {
    Place next = places.get(tensor.name());
    return next != null && next.flat() == place.flat() && next.offset() == place.offset() + length;
  }

  private static Matrix window(Place place, int rows, int columns) {
    return place.flat().matrix(place.offset(), rows, columns);
  }
}
