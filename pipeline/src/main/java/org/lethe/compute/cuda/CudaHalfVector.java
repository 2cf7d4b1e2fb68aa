package org.lethe.compute.cuda;

import java.util.Objects;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HalfValues;

/** Frozen weights in BFLOAT16 in device memory. */
final class CudaHalfVector implements FlatVector, HalfValues {
  private final CudaSession session;
  private final DeviceMemory.Block block;
  private final long first;
  private final long[] shape;

  private CudaHalfVector(CudaSession session, DeviceMemory.Block block, long first, long... shape) {
    this.session = session;
    this.block = block;
    this.first = first;
    this.shape = shape;
  }

  /** Allocates a vector. Its content is undefined. */
  static CudaHalfVector allocate(CudaSession session, long length) {
    return new CudaHalfVector(
        session, session.memory().allocateLasting(Short.BYTES * length), 0, length);
  }

  /** Address of the first element on the device. */
  long address() {
    return address(0);
  }

  private long address(long element) {
    return block.address() + Short.BYTES * (first + element);
  }

  @Override
  public Dtype dtype() {
    return Dtype.BF16;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public VectorMath math() {
    return new CudaVectors(session);
  }

  @Override
  public CudaHalfVector slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, length());
    return new CudaHalfVector(session, block, first + from, length);
  }

  @Override
  public CudaHalfVector tensor(long from, long... tensorShape) {
    CudaHalfVector tensor = new CudaHalfVector(session, block, first + from, tensorShape.clone());
    Objects.checkFromIndexSize(from, tensor.length(), length());
    return tensor;
  }

  @Override
  public Matrix matrix(long from, int rows, int columns) {
    return new CudaHalfMatrix(slice(from, (long) rows * columns), rows, columns);
  }

  @Override
  public void get(long from, short[] to, int at, int count) {
    Objects.checkFromIndexSize(from, count, length());
    session.transfers().download(address(from), to, at, count);
  }

  @Override
  public void put(long to, short[] from, int at, int count) {
    Objects.checkFromIndexSize(to, count, length());
    session.transfers().upload(from, at, count, address(to));
  }

  @Override
  public void get(long from, byte[] to) {
    Objects.checkFromIndexSize(from, to.length, Short.BYTES * length());
    session.transfers().download(address(0) + from, to);
  }

  @Override
  public void put(long to, byte[] from) {
    Objects.checkFromIndexSize(to, from.length, Short.BYTES * length());
    session.transfers().upload(from, address(0) + to);
  }

  @Override
  public void close() {
    block.close();
  }
}
