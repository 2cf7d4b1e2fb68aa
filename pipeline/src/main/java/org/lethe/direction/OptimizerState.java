package org.lethe.direction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What an optimizer remembers between steps: flat vectors [P] by name, in a fixed order.
 *
 * @param vectors by name, for example {@code first_moment}
 */
public record OptimizerState(Map<String, INDArray> vectors) implements AutoCloseable {
  public OptimizerState {
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
  }

  /** Zeroed vectors of these names. */
  public static OptimizerState zeros(List<String> names, long parameters, DataType type) {
    Map<String, INDArray> vectors = new LinkedHashMap<>();
    for (String name : names) {
      vectors.put(name, Nd4j.create(type, parameters));
    }
    return new OptimizerState(vectors);
  }

  /** Sets all elements to zero. */
  public void clear() {
    vectors.values().forEach(vector -> vector.assign(0));
  }

  INDArray vector(String name) {
    return vectors.get(name);
  }

  /** Frees the vectors now. */
  @Override
  public void close() {
    vectors.values().forEach(INDArray::close);
  }
}
