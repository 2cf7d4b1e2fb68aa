package org.lethe.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.tensor.Dtype;

/**
 * Allocates frozen weights. Matrices stay in the 16-bit type of their file if the backend
 * multiplies by such weights. Norms and biases are small and always in the backend's type.
 *
 * @param backend that holds the weights
 * @param dtypes dtype of a tensor's file by the tensor's name
 */
public record FrozenMemory(Backend backend, Function<String, Dtype> dtypes) {
  /**
   * Tensors in one vector.
   *
   * @param tensors in the order of the vector
   * @param values of the tensors, without gaps
   */
  public record Part(List<TensorSpec> tensors, FlatVector values) {}

  /** Allocates tensors. Neighbours with the same storage are neighbours in one vector. */
  public List<Part> allocate(List<TensorSpec> tensors) {
    Map<Dtype, List<TensorSpec>> byStorage = new LinkedHashMap<>();
    for (TensorSpec tensor : tensors) {
      byStorage.computeIfAbsent(storage(tensor), dtype -> new ArrayList<>()).add(tensor);
    }
    List<Part> parts = new ArrayList<>();
    byStorage.forEach(
        (dtype, stored) ->
            parts.add(new Part(stored, backend.frozen(dtype, TensorSpec.length(stored)))));
    return parts;
  }

  /** Bytes that frozen tensors take. */
  public long bytes(List<TensorSpec> tensors) {
    return tensors.stream()
        .mapToLong(tensor -> tensor.length() * backend.frozenBytes(storage(tensor)))
        .sum();
  }

  /**
   * Bytes in which products widen a map, at most.
   *
   * @param outputs size of the outputs of one product
   * @param batch rows of a batch
   */
  public long wideningBytes(TensorSpec weight, int outputs, int inputs, int batch) {
    return backend.wideningBytes(storage(weight), outputs, inputs, batch);
  }

  private Dtype storage(TensorSpec tensor) {
    Dtype dtype = tensor.isVector() ? Dtype.F32 : dtypes.apply(tensor.name());
    return backend.frozenBytes(dtype) < backend.type().width() ? dtype : Dtype.F32;
  }
}
