package org.lethe.tensor;

/** A FLOAT tensor in a Java array. */
public final class HeapTensor implements FloatValues {
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
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    System.arraycopy(values, Math.toIntExact(from), to, at, count);
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    System.arraycopy(from, at, values, Math.toIntExact(to), count);
  }
}
