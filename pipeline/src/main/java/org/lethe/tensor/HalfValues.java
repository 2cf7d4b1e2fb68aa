package org.lethe.tensor;

/**
 * FLOAT elements stored in 16 bits. Reading widens them exactly. Writing a value that is not exact
 * in 16 bits is an error, so that no weight changes silently.
 */
public interface HalfValues extends FloatValues {
  /** F16 or BF16. */
  Dtype dtype();

  /**
   * Copies elements in their own type from the heap.
   *
   * @param to first element to overwrite
   * @param at position of its value in {@code from}
   */
  void put(long to, short[] from, int at, int count);

  /** Copies elements in their own type to the heap. */
  void get(long from, short[] to, int at, int count);

  @Override
  default void get(long from, float[] to, int at, int count) {
    short[] values = new short[count];
    get(from, values, 0, count);
    Half.widen(dtype(), values, 0, to, at, count);
  }

  @Override
  default void put(long to, float[] from, int at, int count) {
    short[] values = new short[count];
    Half.narrow(dtype(), from, at, values, count);
    put(to, values, 0, count);
  }

  @Override
  default float nearest(float value) {
    return dtype() == Dtype.BF16
        ? Half.fromBf16(Half.toBf16(value))
        : Half.fromF16(Half.toF16(value));
  }
}
