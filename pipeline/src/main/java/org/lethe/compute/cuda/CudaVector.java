package org.lethe.compute.cuda;

import java.util.Objects;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.FloatValues;
import org.lethe.tensor.TensorValues;

/** A FLOAT vector in device memory. */
final class CudaVector implements FlatVector, FloatValues {
  private final CudaSession session;
  private final DeviceMemory.Block block;
  private final long first;
  private final long[] shape;

  private CudaVector(CudaSession session, DeviceMemory.Block block, long first, long... shape) {
    this.session = session;
    this.block = block;
    this.first = first;
    this.shape = shape;
  }

  /** Allocates a vector. Its content is undefined. */
  static CudaVector allocate(CudaSession session, long length) {
    return new CudaVector(
        session, session.memory().allocateLasting(Float.BYTES * length), 0, length);
  }

  /** Address of the first element on the device. */
  long address() {
    return address(0);
  }

  private long address(long element) {
    return block.address() + Float.BYTES * (first + element);
  }

  @Override
  public VectorMath math() {
    return new CudaVectors(session);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public FlatVector slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, length());
    return new CudaVector(session, block, first + from, length);
  }

  @Override
  public TensorValues tensor(long from, long... tensorShape) {
    CudaVector tensor = new CudaVector(session, block, first + from, tensorShape.clone());
    Objects.checkFromIndexSize(from, tensor.length(), length());
    return tensor;
  }

  @Override
  public Matrix matrix(long from, int rows, int columns) {
    Objects.checkFromIndexSize(from, (long) rows * columns, length());
    return CudaMatrix.of(session, block, first + from, rows, columns);
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    Objects.checkFromIndexSize(from, count, length());
    session.transfers().download(address(from), to, at, count);
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    Objects.checkFromIndexSize(to, count, length());
    session.transfers().upload(from, at, count, address(to));
  }

  @Override
  public void get(long from, byte[] to) {
    Objects.checkFromIndexSize(from, to.length, Float.BYTES * length());
    session.transfers().download(address(0) + from, to);
  }

  @Override
  public void put(long to, byte[] from) {
    Objects.checkFromIndexSize(to, from.length, Float.BYTES * length());
    session.transfers().upload(from, address(0) + to);
  }

  @Override
  public void close() {
    block.close();
  }
}
