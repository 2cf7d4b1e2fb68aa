package org.lethe.model;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major window [rows, columns] of an ND4J array, with what hand-written kernels need beside
 * the array: the address and, for activations, a buffer for bulk copies to and from the heap.
 *
 * <p>Windows are cut often and their arrays rarely asked for, so the array is made on demand.
 */
final class Matrix {
  /** The whole array that windows are cut from. */
  private static final class Root {
    private final INDArray array; // [rows, stride], C order
    private final long address;
    private FloatBuffer floats;

    Root(INDArray array) {
      this.array = array;
      // Of the window itself: a view's address includes its offset.
      this.address = array.data().addressPointer().address();
    }

    /** Made when first asked for; parameters that are larger than a buffer never ask. */
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
  private INDArray array;
  private FloatBuffer floats;

  private Matrix(Root root, int firstRow, int firstColumn, int rows, int columns, int stride) {
    this.root = root;
    this.firstRow = firstRow;
    this.firstColumn = firstColumn;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  /** A window on a contiguous C-order array, such as a piece of the flat parameter vector. */
  static Matrix of(INDArray contiguous, int rows, int columns) {
    INDArray shaped = contiguous.reshape('c', rows, columns);
    return new Matrix(new Root(shaped), 0, 0, rows, columns, columns);
  }

  /** Fresh memory, outside any workspace, not zeroed by contract. */
  static Matrix allocate(DataType type, int rows, int columns) {
    return of(Nd4j.createUninitializedDetached(type, rows, columns), rows, columns);
  }

  DataType type() {
    return root.array.dataType();
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** Elements from one row to the next. */
  int stride() {
    return stride;
  }

  /** The first rows. */
  Matrix top(int count) {
    return rows(0, count);
  }

  Matrix rows(int from, int count) {
    if (from == 0 && count == rows) {
      return this;
    }
    if (from < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + rows + " rows");
    }
    return new Matrix(root, firstRow + from, firstColumn, count, columns, stride);
  }

  Matrix columns(int from, int count) {
    if (from == 0 && count == columns) {
      return this;
    }
    if (from < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + columns + " columns");
    }
    return new Matrix(root, firstRow, firstColumn + from, rows, count, stride);
  }

  /** Address of an element in bytes, for FLOAT on the CPU. */
  long address(int row, int column) {
    return root.address + 4 * ((long) (firstRow + row) * stride + firstColumn + column);
  }

  /** The ND4J view of this window. */
  INDArray array() {
    if (array == null) {
      array =
          firstRow == 0 && rows == root.array.rows() && columns == stride
              ? root.array
              : root.array.get(
                  NDArrayIndex.interval(firstRow, firstRow + rows),
                  NDArrayIndex.interval(firstColumn, firstColumn + columns));
    }
    return array;
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

  /** Frees the memory of an allocated matrix. */
  void close() {
    root.array.close();
  }

  /** A pointer that can be moved without being made anew, for calls into native code. */
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
