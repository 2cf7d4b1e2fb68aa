package org.lethe.compute.heap;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.lethe.compute.Matrix;
import org.lethe.compute.array.ArrayMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major window [rows, columns] of FLOAT memory that ND4J allocated on the host. It gives
 * hand-written kernels the address and, for activations, a buffer for bulk copies to and from the
 * heap.
 */
final class HeapMatrix implements Matrix {
  /** The whole array, which all its windows share. */
  private static final class Root {
    private final INDArray array; // [rows, stride], C order
    private final long address;
    private FloatBuffer floats;

    Root(INDArray array) {
      this.array = array;
      // The window's own address: a view's address includes its offset.
      this.address = array.data().addressPointer().address();
    }

    /**
     * Buffer over the array, created on first use. Parameters, which may exceed a buffer, never use
     * it.
     */
    synchronized FloatBuffer floats() {
      if (floats == null) {
        if (4 * array.length() > Integer.MAX_VALUE) {
          throw new IllegalStateException("Invalid buffer: " + array.length() + " floats");
        }
        floats = new Address().at(address).extent(array.length()).asBuffer();
      }
      return floats;
    }
  }

  private final Root root;
  private final int firstRow;
  private final int firstColumn;
  private final int rows;
  private final int columns;
  private final int stride;
  private FloatBuffer floats;

  private HeapMatrix(Root root, int firstRow, int firstColumn, int rows, int columns, int stride) {
    this.root = root;
    this.firstRow = firstRow;
    this.firstColumn = firstColumn;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  /** A window over a contiguous C-order array, such as a slice of the flat parameter vector. */
  static HeapMatrix of(INDArray contiguous, int rows, int columns) {
    INDArray shaped = contiguous.reshape('c', rows, columns);
    return new HeapMatrix(new Root(shaped), 0, 0, rows, columns, columns);
  }

  /** Allocates memory outside any workspace. Its content is undefined. */
  static HeapMatrix allocate(int rows, int columns) {
    return of(Nd4j.createUninitializedDetached(DataType.FLOAT, rows, columns), rows, columns);
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /** Elements from one row to the next. */
  int stride() {
    return stride;
  }

  @Override
  public HeapMatrix rows(int from, int count) {
    if (from == 0 && count == rows) {
      return this;
    }
    if (from < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + rows + " rows");
    }
    return new HeapMatrix(root, firstRow + from, firstColumn, count, columns, stride);
  }

  @Override
  public HeapMatrix columns(int from, int count) {
    if (from == 0 && count == columns) {
      return this;
    }
    if (from < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + columns + " columns");
    }
    return new HeapMatrix(root, firstRow, firstColumn + from, rows, count, stride);
  }

  /** Address of an element in bytes. */
  long address(int row, int column) {
    return root.address + 4 * ((long) (firstRow + row) * stride + firstColumn + column);
  }

  /** The same window for ND4J operations. */
  ArrayMatrix asArrayMatrix() {
    return ArrayMatrix.of(root.array, root.array.rows(), stride)
        .rows(firstRow, rows)
        .columns(firstColumn, columns);
  }

  @Override
  public void download(float[] to) {
    Address pointer = new Address();
    for (int row = 0; row < rows; row++) {
      pointer.at(address(row, 0)).get(to, row * columns, columns);
    }
  }

  @Override
  public void download(double[] to) {
    float[] values = new float[rows * columns];
    download(values);
    for (int i = 0; i < values.length; i++) {
      to[i] = values[i];
    }
  }

  @Override
  public void upload(float[] from) {
    Address pointer = new Address();
    for (int row = 0; row < rows; row++) {
      pointer.at(address(row, 0)).put(from, row * columns, columns);
    }
  }

  @Override
  public void upload(double[] from) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) from[i];
    }
    upload(values);
  }

  /** Copies part of a row to the heap; activations only. */
  void get(int row, int column, float[] to, int at, int count) {
    floats().get(index(row, column), to, at, count);
  }

  /** Copies from the heap into part of a row; activations only. */
  void put(int row, int column, float[] from, int at, int count) {
    floats().put(index(row, column), from, at, count);
  }

  float get(int row, int column) {
    return floats().get(index(row, column));
  }

  void put(int row, int column, float value) {
    floats().put(index(row, column), value);
  }

  private FloatBuffer floats() {
    if (floats == null) {
      floats = root.floats();
    }
    return floats;
  }

  private int index(int row, int column) {
    return (firstRow + row) * stride + firstColumn + column;
  }

  @Override
  public void close() {
    root.array.close();
  }

  /**
   * A reusable pointer for calls into native code; it moves instead of being created for each call.
   */
  static final class Address extends FloatPointer {
    Address() {
      super((Pointer) null);
    }

    Address at(long newAddress) {
      address = newAddress;
      position = 0;
      return this;
    }

    Address extent(long elements) {
      limit = elements;
      capacity = elements;
      return this;
    }
  }
}
