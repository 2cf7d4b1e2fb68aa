package org.lethe.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.tensor.TensorValues;

/**
 * Named tensors of flat vectors of parameters or gradients. Neighbours can be stacked in one slice:
 * query, key and value are neighbours, and so are gate and up.
 */
public final class TensorCut {
  private record Place(FlatVector flat, long offset) {}

  private final Map<String, TensorSpec> tensors = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  private TensorCut() {}

  /** Cuts a vector into tensors, one after another. */
  public TensorCut(List<TensorSpec> ordered, FlatVector flat) {
    long offset = 0;
    for (TensorSpec tensor : ordered) {
      tensors.put(tensor.name(), tensor);
      places.put(tensor.name(), new Place(flat, offset));
      offset += tensor.length();
    }
    if (offset != flat.length()) {
      throw new IllegalArgumentException("Invalid vector: " + flat.length() + " of " + offset);
    }
  }

  /** Cuts a vector, if there is one. */
  public static TensorCut of(List<TensorSpec> ordered, Optional<FlatVector> flat) {
    return flat.map(vector -> new TensorCut(ordered, vector)).orElseGet(TensorCut::new);
  }

  /** Cuts several vectors. */
  public static TensorCut ofParts(List<FrozenMemory.Part> parts) {
    TensorCut all = new TensorCut();
    for (FrozenMemory.Part part : parts) {
      TensorCut cut = new TensorCut(part.tensors(), part.values());
      all.tensors.putAll(cut.tensors);
      all.places.putAll(cut.places);
    }
    return all;
  }

  /** The given tensors, each from the cut that holds it. */
  public static TensorCut joined(List<TensorSpec> ordered, TensorCut a, TensorCut b) {
    TensorCut joined = new TensorCut();
    for (TensorSpec tensor : ordered) {
      TensorCut source = a.places.containsKey(tensor.name()) ? a : b;
      joined.tensors.put(tensor.name(), tensor);
      joined.places.put(tensor.name(), source.places.get(tensor.name()));
    }
    return joined;
  }

  public Iterable<TensorSpec> tensors() {
    return tensors.values();
  }

  /** The elements of a tensor in its own shape. */
  public TensorValues values(TensorSpec tensor) {
    Place place = places.get(tensor.name());
    return place.flat().tensor(place.offset(), tensor.shape());
  }

  /** The matrix of a tensor. */
  public Matrix matrix(TensorSpec tensor) {
    return places
        .get(tensor.name())
        .flat()
        .matrix(places.get(tensor.name()).offset(), tensor.rows(), tensor.columns());
  }

  /**
   * Stacks weights one below the other, or biases one after the other. Skips tensors that this cut
   * lacks; neighbours in memory are one slice.
   */
  public WeightSlices slices(List<TensorSpec> stacked) {
    List<WeightSlices.Slice> slices = new ArrayList<>();
    int output = 0;
    for (int i = 0; i < stacked.size(); ) {
      TensorSpec first = stacked.get(i);
      Optional<Place> place = Optional.ofNullable(places.get(first.name()));
      int outputs = first.outputs();
      long length = first.length();
      i++;
      while (i < stacked.size() && follows(stacked.get(i), place, length)) {
        outputs += stacked.get(i).outputs();
        length += stacked.get(i).length();
        i++;
      }
      if (place.isPresent()) {
        slices.add(new WeightSlices.Slice(output, matrix(place.get(), first, outputs)));
      }
      output += outputs;
    }
    return new WeightSlices(slices);
  }

  private static Matrix matrix(Place place, TensorSpec first, int outputs) {
    return first.isVector()
        ? place.flat().matrix(place.offset(), 1, outputs)
        : place.flat().matrix(place.offset(), outputs, first.columns());
  }

  private boolean follows(TensorSpec tensor, Optional<Place> place, long length) {
    Optional<Place> next = Optional.ofNullable(places.get(tensor.name()));
    return place.isPresent()
        && next.isPresent()
        && next.get().flat() == place.get().flat()
        && next.get().offset() == place.get().offset() + length;
  }
}
