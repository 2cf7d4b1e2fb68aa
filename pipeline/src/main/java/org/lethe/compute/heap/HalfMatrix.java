package org.lethe.compute.heap;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.lethe.compute.FloatMatrix;
import org.lethe.compute.heap.HeapMatrix.Address;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.Half;

/**
 * Frozen weights in 16 bits as a row-major matrix. Only products, gathering and copying read it;
 * they widen the part that they need. It cannot be written or cut.
 */
final class HalfMatrix implements FloatMatrix {
  /** Elements of one step of widening: they stay in the fastest cache. */
  private static final int STEP = 2048;

  /** Most elements of one buffer, whose bytes must be an int. */
  private static final int MOST = 1 << 29;

  private final HalfVector values;
  private final int rows;
  private final int columns;

  HalfMatrix(HalfVector values, int rows, int columns) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
  }

  Dtype dtype() {
    return values.dtype();
  }

  /** Address of the first element in bytes. */
  long address() {
    return values.address(0);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /**
   * Widens a part to FLOAT.
   *
   * @param row first row
   * @param height number of rows
   * @param column first column
   * @param width number of columns
   * @param address of the first result
   * @param stride elements from one row of results to the next
   */
  void widen(int row, int height, int column, int width, long address, int stride) {
    if (width == columns && width == stride) {
      // Whole rows follow each other.
      rows(values, (long) row * columns, (long) height * columns, address);
      return;
    }
    short[] from = new short[Math.min(STEP, width)];
    float[] to = new float[from.length];
    int block = Math.max(1, MOST / Math.max(columns, stride));
    for (int top = 0; top < height; top += block) {
      int count = Math.min(block, height - top);
      ShortBuffer source =
          values.elements((long) (row + top) * columns, Math.multiplyExact(count, columns));
      FloatBuffer target = floats(address + 4L * top * stride, (count - 1) * stride + width);
      for (int i = 0; i < count; i++) {
        for (int done = 0; done < width; done += from.length) {
          int step = Math.min(from.length, width - done);
          source.get(i * columns + column + done, from, 0, step);
          Half.widen(values.dtype(), from, 0, to, 0, step);
          target.put(i * stride + done, to, 0, step);
        }
      }
    }
  }

  private static void rows(HalfVector values, long first, long count, long address) {
    short[] from = new short[STEP];
    float[] to = new float[STEP];
    for (long begin = 0; begin < count; begin += MOST) {
      int part = (int) Math.min(MOST, count - begin);
      ShortBuffer source = values.elements(first + begin, part);
      FloatBuffer target = floats(address + 4 * begin, part);
      for (int done = 0; done < part; done += STEP) {
        int step = Math.min(STEP, part - done);
        source.get(done, from, 0, step);
        Half.widen(values.dtype(), from, 0, to, 0, step);
        target.put(done, to, 0, step);
      }
    }
  }

  private static FloatBuffer floats(long address, int count) {
    return new Address().at(address).extent(count).asByteBuffer().asFloatBuffer();
  }

  /** Widens one row to the heap. */
  void row(int row, float[] to) {
    values.get((long) row * columns, to, 0, columns);
  }

  @Override
  public void download(float[] to) {
    values.get(0, to, 0, rows * columns);
  }

  @Override
  public HalfMatrix rows(int from, int count) {
    throw new UnsupportedOperationException("Frozen weights are not cut");
  }

  @Override
  public HalfMatrix columns(int from, int count) {
    throw new UnsupportedOperationException("Frozen weights are not cut");
  }

  @Override
  public void upload(float[] from) {
    throw new UnsupportedOperationException("Frozen weights do not change");
  }

  @Override
  public void close() {
    values.close();
  }
}
