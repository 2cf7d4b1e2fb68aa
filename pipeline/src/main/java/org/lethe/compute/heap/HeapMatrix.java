package org.lethe.compute.heap;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.lethe.compute.FloatMatrix;
import org.lethe.compute.Window;
import org.lethe.compute.WindowMatrix;
import org.lethe.compute.array.ArrayMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major window [rows, columns] of FLOAT memory that ND4J allocated on the host. It gives
 * hand-written kernels the address and, for activations, a buffer for bulk copies to and from the
 * heap.
 */
final class HeapMatrix extends WindowMatrix<HeapMatrix> implements FloatMatrix {
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

  private static final int MOST_COLUMNS = Integer.MAX_VALUE;

  private final Root root;
  private final long first;
  private final int stride;
  private FloatBuffer floats;

  private HeapMatrix(Root root, Window window) {
    super(window);
    this.root = root;
    first = window.first();
    stride = window.stride();
  }

  /**
   * A window over a contiguous C-order array, such as a slice of the flat parameter vector. Closing
   * it frees nothing, because the memory is the array's.
   */
  static HeapMatrix of(INDArray contiguous, int rows, int columns) {
    INDArray shaped = contiguous.reshape('c', rows, columns);
    return new HeapMatrix(new Root(shaped), Window.whole(rows, columns));
  }

  /** Allocates memory outside any workspace. Its content is undefined. */
  static HeapMatrix allocate(int rows, int columns) {
    // No reshape: ND4J does not free a view when it is closed.
    return new HeapMatrix(
        new Root(Nd4j.createUninitializedDetached(DataType.FLOAT, rows, columns)),
        Window.whole(rows, columns));
  }

  /** Allocates elements that {@link #shaped} gives a form. */
  static HeapMatrix scratch(long elements) {
    INDArray array = Nd4j.createUninitializedDetached(DataType.FLOAT, elements);
    return new HeapMatrix(new Root(array), Window.whole(1, (int) Math.min(elements, MOST_COLUMNS)));
  }

  /** A matrix over the first elements of scratch memory. */
  HeapMatrix shaped(int rows, int columns) {
    return new HeapMatrix(root, Window.whole(rows, columns));
  }

  /** Number of elements of the whole memory. */
  long elements() {
    return root.array.length();
  }

  @Override
  protected HeapMatrix cut(Window part) {
    return part == window() ? this : new HeapMatrix(root, part);
  }

  /** Elements from one row to the next. */
  int stride() {
    return stride;
  }

  /** Address of an element in bytes. */
  long address(int row, int column) {
    return root.address + 4 * element(row, column);
  }

  /** The same window for ND4J operations. */
  ArrayMatrix asArrayMatrix() {
    return ArrayMatrix.of(root.array, root.array.rows(), stride)
        .rows(window().firstRow(), rows())
        .columns(window().firstColumn(), columns());
  }

  @Override
  public void download(float[] to) {
    Address pointer = new Address();
    for (int row = 0; row < rows(); row++) {
      pointer.at(address(row, 0)).get(to, row * columns(), columns());
    }
  }

  @Override
  public void upload(float[] from) {
    Address pointer = new Address();
    for (int row = 0; row < rows(); row++) {
      pointer.at(address(row, 0)).put(from, row * columns(), columns());
    }
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
    return (int) element(row, column);
  }

  /** Index of an element in the root. */
  private long element(int row, int column) {
    return first + (long) row * stride + column;
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
