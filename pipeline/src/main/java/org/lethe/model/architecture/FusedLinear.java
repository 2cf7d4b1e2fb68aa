package org.lethe.model.architecture;

import java.util.List;

/**
 * Linear maps of the same input that share one product. Their outputs are side by side in this
 * order, and so are their weights in the flat vector. A map may be alone.
 */
public record FusedLinear(List<Linear> maps) {
  public FusedLinear {
    maps = List.copyOf(maps);
    if (maps.size() > 1 && maps.get(0).order() == Linear.Order.INPUTS_FIRST) {
      throw new IllegalArgumentException("Invalid maps: " + maps + ", expected one");
    }
  }

  /** Size of all outputs together. */
  public int outputs() {
    return maps.stream().mapToInt(Linear::outputs).sum();
  }

  /** Size of the input. */
  public int inputs() {
    return maps.get(0).inputs();
  }

  /** Order of the dimensions of all weights. Maps with inputs first are alone. */
  public Linear.Order order() {
    return maps.get(0).order();
  }

  /** Weights of all maps. */
  public List<TensorSpec> weights() {
    return maps.stream().map(Linear::weight).toList();
  }

  /** Biases of the maps that have one. */
  public List<TensorSpec> biases() {
    return maps.stream().flatMap(map -> map.bias().stream()).toList();
  }
}
