package org.lethe.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** A FLOAT matrix: doubles are copied through an array of floats. */
public interface FloatMatrix extends Matrix {
  @Override
  default DataType type() {
    return DataType.FLOAT;
  }

  @Override
  default void download(double[] to) {
    float[] values = new float[rows() * columns()];
    download(values);
    for (int i = 0; i < values.length; i++) {
      to[i] = values[i];
    }
  }

  @Override
  default void upload(double[] from) {
    float[] values = new float[rows() * columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) from[i];
    }
    upload(values);
  }
}
