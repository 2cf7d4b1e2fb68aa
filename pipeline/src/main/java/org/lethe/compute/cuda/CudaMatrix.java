package org.lethe.compute.cuda;

import org.lethe.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;

/** A row-major window [rows, columns] of FLOAT device memory. */
final class CudaMatrix implements Matrix {
  /** State that all windows of a matrix share. */
  private record Root(CudaSession session, DeviceMemory.Block block) {}

  private final Root root;
  private final long first;
  private final int rows;
  private final int columns;
  private final int stride;

  private CudaMatrix(Root root, long first, int rows, int columns, int stride) {
    this.root = root;
    this.first = first;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  /** A window of whole rows in a block, starting at an element. */
  static CudaMatrix of(
      CudaSession session, DeviceMemory.Block block, long first, int rows, int columns) {
    return new CudaMatrix(new Root(session, block), first, rows, columns, columns);
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

  /** Address of the first element on the device. */
  long address() {
    return root.block().address() + Float.BYTES * first;
  }

  @Override
  public CudaMatrix rows(int from, int count) {
    if (from < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + rows + " rows");
    }
    return new CudaMatrix(root, first + (long) from * stride, count, columns, stride);
  }

  @Override
  public CudaMatrix columns(int from, int count) {
    if (from < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(from + " + " + count + " of " + columns + " columns");
    }
    return new CudaMatrix(root, first + from, rows, count, stride);
  }

  /** Whether rows follow each other without a gap. */
  private boolean isDense() {
    return stride == columns || rows == 1;
  }

  @Override
  public void download(float[] to) {
    CudaSession session = root.session();
    if (isDense()) {
      session.transfers().download(address(), to, 0, rows * columns);
    } else {
      try (CudaMatrix dense = session.matrix(rows, columns)) {
        session.launch("copy_rows", Grid.rows(rows, columns), this, dense);
        session.transfers().download(dense.address(), to, 0, rows * columns);
      }
    }
  }

  @Override
  public void download(double[] to) {
    float[] floats = new float[rows * columns];
    download(floats);
    for (int i = 0; i < floats.length; i++) {
      to[i] = floats[i];
    }
  }

  @Override
  public void upload(float[] from) {
    CudaSession session = root.session();
    if (isDense()) {
      session.transfers().upload(from, 0, rows * columns, address());
    } else {
      try (CudaMatrix dense = session.matrix(rows, columns)) {
        session.transfers().upload(from, 0, rows * columns, dense.address());
        session.launch("copy_rows", Grid.rows(rows, columns), dense, this);
      }
    }
  }

  @Override
  public void upload(double[] from) {
    float[] floats = new float[rows * columns];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) from[i];
    }
    upload(floats);
  }

  @Override
  public void close() {
    root.block().close();
  }
}
