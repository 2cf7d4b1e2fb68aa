package org.lethe.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/** A FLOAT tensor in a Java array. */
public final class HeapTensor implements TensorValues {
  private final float[] values;
  private final long[] shape;

  /**
   * Wraps an array.
   *
   * @param values in C order; shared, not copied
   */
  public HeapTensor(float[] values, long... shape) {
    this.values = values;
    this.shape = shape.clone();
    if (length() != values.length) {
      throw new IllegalArgumentException(
          "Invalid shape: " + length() + " elements, expected " + values.length);
    }
  }

  /** The wrapped array. */
  public float[] values() {
    return values;
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    System.arraycopy(values, Math.toIntExact(from), to, at, count);
  }

  @Override
  public void get(long from, double[] to, int at, int count) {
    int first = Math.toIntExact(from);
    for (int i = 0; i < count; i++) {
      to[at + i] = values[first + i];
    }
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    System.arraycopy(from, at, values, Math.toIntExact(to), count);
  }

  @Override
  public void put(long to, double[] from, int at, int count) {
    int first = Math.toIntExact(to);
    for (int i = 0; i < count; i++) {
      values[first + i] = (float) from[at + i];
    }
  }
}
