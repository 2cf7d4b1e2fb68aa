package org.lethe.compute.cuda;

import org.lethe.compute.FloatMatrix;
import org.lethe.compute.Window;
import org.lethe.compute.WindowMatrix;

/** A row-major window [rows, columns] of FLOAT device memory. */
final class CudaMatrix extends WindowMatrix<CudaMatrix> implements FloatMatrix {
  /**
   * State that all windows of a matrix share.
   *
   * @param first the matrix's first element in the block
   */
  private record Root(CudaSession session, DeviceMemory.Block block, long first) {}

  private final Root root;

  private CudaMatrix(Root root, Window window) {
    super(window);
    this.root = root;
  }

  /** A window of whole rows in a block, starting at an element. */
  static CudaMatrix of(
      CudaSession session, DeviceMemory.Block block, long first, int rows, int columns) {
    return new CudaMatrix(new Root(session, block, first), Window.whole(rows, columns));
  }

  @Override
  protected CudaMatrix cut(Window part) {
    return new CudaMatrix(root, part);
  }

  /** Elements from one row to the next. */
  int stride() {
    return window().stride();
  }

  /** Address of the first element on the device. */
  long address() {
    return root.block().address() + Float.BYTES * (root.first() + window().first());
  }

  @Override
  public void download(float[] to) {
    CudaSession session = root.session();
    if (window().isDense()) {
      session.transfers().download(address(), to, 0, rows() * columns());
    } else {
      try (CudaMatrix dense = session.matrix(rows(), columns())) {
        session.launch("copy_rows", Grid.rows(rows(), columns()), this, dense);
        session.transfers().download(dense.address(), to, 0, rows() * columns());
      }
    }
  }

  @Override
  public void upload(float[] from) {
    CudaSession session = root.session();
    if (window().isDense()) {
      session.transfers().upload(from, 0, rows() * columns(), address());
    } else {
      try (CudaMatrix dense = session.matrix(rows(), columns())) {
        session.transfers().upload(from, 0, rows() * columns(), dense.address());
        session.launch("copy_rows", Grid.rows(rows(), columns()), dense, this);
      }
    }
  }

  @Override
  public void close() {
    root.block().close();
  }
}
