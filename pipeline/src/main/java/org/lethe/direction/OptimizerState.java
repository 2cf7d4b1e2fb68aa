package org.lethe.direction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lethe.compute.FlatVector;

/**
 * The state of an optimizer between steps: flat vectors [P] by name, in a fixed order.
 *
 * @param vectors by name, for example {@code first_moment}
 */
public record OptimizerState(Map<String, FlatVector> vectors) implements AutoCloseable {
  public OptimizerState {
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
  }

  /** Returns zero vectors with these names, of the parameters' length and in the same memory. */
  public static OptimizerState zeros(List<String> names, FlatVector parameters) {
    Map<String, FlatVector> vectors = new LinkedHashMap<>();
    for (String name : names) {
      vectors.put(name, parameters.math().zeros(parameters.length()));
    }
    return new OptimizerState(vectors);
  }

  /** Sets all elements to zero. */
  public void clear() {
    vectors.values().forEach(vector -> vector.math().fill(0, vector));
  }

  FlatVector vector(String name) {
    return vectors.get(name);
  }

  /** Frees the vectors now. */
  @Override
  public void close() {
    vectors.values().forEach(FlatVector::close);
  }
}
