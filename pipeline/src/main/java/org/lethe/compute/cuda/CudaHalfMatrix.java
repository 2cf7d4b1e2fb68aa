package org.lethe.compute.cuda;

import org.lethe.compute.FloatMatrix;

/**
 * Frozen weights in BFLOAT16 as a row-major matrix. Only products, gathering and copying read it.
 * It cannot be written or cut.
 */
final class CudaHalfMatrix implements FloatMatrix {
  private final CudaHalfVector values;
  private final int rows;
  private final int columns;

  CudaHalfMatrix(CudaHalfVector values, int rows, int columns) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
  }

  /** Address of the first element on the device. */
  long address() {
    return values.address();
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
  public void download(float[] to) {
    values.get(0, to, 0, rows * columns);
  }

  @Override
  public CudaHalfMatrix rows(int from, int count) {
    throw new UnsupportedOperationException("Frozen weights are not cut");
  }

  @Override
  public CudaHalfMatrix columns(int from, int count) {
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
