package org.lethe.compute.array;

import org.lethe.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major window [rows, columns] of an ND4J array. Most windows never need their array, so the
 * view is created on first use.
 */
public final class ArrayMatrix implements Matrix {
  private final INDArray root; // [rows, stride], C order
  private final int firstRow;
  private final int firstColumn;
  private final int rows;
  private final int columns;
  private INDArray array;

  private ArrayMatrix(INDArray root, int firstRow, int firstColumn, int rows, int columns) {
    this.root = root;
    this.firstRow = firstRow;
    this.firstColumn = firstColumn;
    this.rows = rows;
    this.columns = columns;
  }

  /** A window over a contiguous C-order array, such as a slice of the flat parameter vector. */
  public static ArrayMatrix of(INDArray contiguous, int rows, int columns) {
    return new ArrayMatrix(contiguous.reshape('c', rows, columns), 0, 0, rows, columns);
  }

  /** Allocates memory outside any workspace. Its content is undefined. */
  static ArrayMatrix allocate(DataType type, int rows, int columns) {
    return of(Nd4j.createUninitializedDetached(type, rows, columns), rows, columns);
  }

  @Override
  public DataType type() {
    return root.dataType();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public ArrayMatrix rows(int from, int count) {
    if (from == 0 && count == rows) {
      return this;
    }
    if (from < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + rows + " rows");
    }
    return new ArrayMatrix(root, firstRow + from, firstColumn, count, columns);
  }

  @Override
  public ArrayMatrix columns(int from, int count) {
    if (from == 0 && count == columns) {
      return this;
    }
    if (from < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + columns + " columns");
    }
    return new ArrayMatrix(root, firstRow, firstColumn + from, rows, count);
  }

  /** The ND4J view of this window. */
  INDArray array() {
    if (array == null) {
      array =
          firstRow == 0 && rows == root.rows() && columns == root.columns()
              ? root
              : root.get(
                  NDArrayIndex.interval(firstRow, firstRow + rows),
                  NDArrayIndex.interval(firstColumn, firstColumn + columns));
    }
    return array;
  }

  /** A view [rows, heads, size]. The window must begin and end at a head's boundary. */
  INDArray heads(int size) {
    if (root.columns() % size != 0 || firstColumn % size != 0 || columns % size != 0) {
      throw new IllegalArgumentException(
          "Invalid head size: " + size + ", expected a divisor of " + firstColumn + ", " + columns);
    }
    return root.reshape('c', root.rows(), root.columns() / size, size)
        .get(
            NDArrayIndex.interval(firstRow, firstRow + rows),
            NDArrayIndex.interval(firstColumn / size, (firstColumn + columns) / size),
            NDArrayIndex.all());
  }

  @Override
  public void download(float[] to) {
    if (isContiguous()) {
      HostCopies.read(array(), to, 0);
    } else {
      try (INDArray copy = contiguousCopy()) {
        HostCopies.read(copy, to, 0);
      }
    }
  }

  @Override
  public void download(double[] to) {
    if (isContiguous()) {
      HostCopies.read(array(), to, 0);
    } else {
      try (INDArray copy = contiguousCopy()) {
        HostCopies.read(copy, to, 0);
      }
    }
  }

  @Override
  public void upload(float[] from) {
    if (isContiguous()) {
      HostCopies.write(from, 0, array());
    } else {
      try (INDArray copy = uninitialized()) {
        HostCopies.write(from, 0, copy);
        array().assign(copy);
      }
    }
  }

  @Override
  public void upload(double[] from) {
    if (isContiguous()) {
      HostCopies.write(from, 0, array());
    } else {
      try (INDArray copy = uninitialized()) {
        HostCopies.write(from, 0, copy);
        array().assign(copy);
      }
    }
  }

  private boolean isContiguous() {
    return rows == 1 || columns == root.columns();
  }

  /** Copies with assign, because dup of such a window takes thirty times as long. */
  private INDArray contiguousCopy() {
    return uninitialized().assign(array());
  }

  private INDArray uninitialized() {
    return Nd4j.createUninitializedDetached(type(), rows, columns);
  }

  @Override
  public void close() {
    root.close();
  }
}
