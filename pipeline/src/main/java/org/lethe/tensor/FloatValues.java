package org.lethe.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/** FLOAT elements: doubles are read and written through an array of floats. */
public interface FloatValues extends TensorValues {
  @Override
  default DataType type() {
    return DataType.FLOAT;
  }

  @Override
  default void get(long from, double[] to, int at, int count) {
    float[] values = new float[count];
    get(from, values, 0, count);
    for (int i = 0; i < count; i++) {
      to[at + i] = values[i];
    }
  }

  @Override
  default void put(long to, double[] from, int at, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) from[at + i];
    }
    put(to, values, 0, count);
  }
}
