package org.lethe.compute.array;

import java.util.function.Consumer;
import org.lethe.compute.Window;
import org.lethe.compute.WindowMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major window [rows, columns] of an ND4J array. Most windows never need their array, so the
 * view is created on first use.
 */
public final class ArrayMatrix extends WindowMatrix<ArrayMatrix> {
  private final INDArray root; // [rows, stride], C order
  private INDArray array;

  private ArrayMatrix(INDArray root, Window window) {
    super(window);
    this.root = root;
  }

  /**
   * A window over a contiguous C-order array, such as a slice of the flat parameter vector. Closing
   * it frees nothing, because the memory is the array's.
   */
  public static ArrayMatrix of(INDArray contiguous, int rows, int columns) {
    return new ArrayMatrix(contiguous.reshape('c', rows, columns), Window.whole(rows, columns));
  }

  /** Allocates memory outside any workspace. Its content is undefined. */
  static ArrayMatrix allocate(DataType type, int rows, int columns) {
    // No reshape: ND4J does not free a view when it is closed.
    return new ArrayMatrix(
        Nd4j.createUninitializedDetached(type, rows, columns), Window.whole(rows, columns));
  }

  @Override
  public DataType type() {
    return root.dataType();
  }

  @Override
  protected ArrayMatrix cut(Window part) {
    return part == window() ? this : new ArrayMatrix(root, part);
  }

  /** The ND4J view of this window. */
  INDArray array() {
    if (array == null) {
      array =
          rows() == root.rows() && columns() == root.columns()
              ? root
              : root.get(rowInterval(), columnInterval(1));
    }
    return array;
  }

  /** A view [rows, heads, size]. The window must begin and end at a head's boundary. */
  INDArray heads(int size) {
    int firstColumn = window().firstColumn();
    if (root.columns() % size != 0 || firstColumn % size != 0 || columns() % size != 0) {
      throw new IllegalArgumentException(
          "Invalid head size: "
              + size
              + ", expected a divisor of "
              + firstColumn
              + ", "
              + columns());
    }
    return root.reshape('c', root.rows(), root.columns() / size, size)
        .get(rowInterval(), columnInterval(size), NDArrayIndex.all());
  }

  private INDArrayIndex rowInterval() {
    int first = window().firstRow();
    return NDArrayIndex.interval(first, first + rows());
  }

  private INDArrayIndex columnInterval(int size) {
    int first = window().firstColumn();
    return NDArrayIndex.interval(first / size, (first + columns()) / size);
  }

  @Override
  public void download(float[] to) {
    read(values -> HostCopies.read(values, to, 0));
  }

  @Override
  public void download(double[] to) {
    read(values -> HostCopies.read(values, to, 0));
  }

  @Override
  public void upload(float[] from) {
    write(values -> HostCopies.write(from, 0, values));
  }

  @Override
  public void upload(double[] from) {
    write(values -> HostCopies.write(from, 0, values));
  }

  /** Reads this window's elements without gaps. */
  private void read(Consumer<INDArray> reader) {
    if (window().isDense()) {
      reader.accept(array());
    } else {
      // assign, because dup of such a window takes thirty times as long.
      try (INDArray copy = uninitialized().assign(array())) {
        reader.accept(copy);
      }
    }
  }

  /** Overwrites this window's elements, which the writer sees without gaps. */
  private void write(Consumer<INDArray> writer) {
    if (window().isDense()) {
      writer.accept(array());
    } else {
      try (INDArray copy = uninitialized()) {
        writer.accept(copy);
        array().assign(copy);
      }
    }
  }

  private INDArray uninitialized() {
    return Nd4j.createUninitializedDetached(type(), rows(), columns());
  }

  @Override
  public void close() {
    root.close();
  }
}
