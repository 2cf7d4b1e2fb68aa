package org.lethe.compute.heap;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.Dtype;
import org.lethe.tensor.HalfValues;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Frozen weights in 16 bits, in memory that ND4J allocated on the host. */
final class HalfVector implements FlatVector, HalfValues {
  private static final int BYTES = 2;

  private final INDArray root;
  private final Dtype dtype;
  private final long first;
  private final long[] shape;

  private HalfVector(INDArray root, Dtype dtype, long first, long... shape) {
    this.root = root;
    this.dtype = dtype;
    this.first = first;
    this.shape = shape;
  }

  /**
   * Allocates memory outside any workspace. Its content is undefined.
   *
   * @param dtype F16 or BF16
   */
  static HalfVector allocate(Dtype dtype, long length) {
    DataType type = dtype == Dtype.BF16 ? DataType.BFLOAT16 : DataType.HALF;
    return new HalfVector(Nd4j.createUninitializedDetached(type, length), dtype, 0, length);
  }

  /** Address of an element in bytes. */
  long address(long element) {
    return root.data().pointer().address() + BYTES * (first + element);
  }

  /** Elements from one on. The buffer is valid until the vector is closed. */
  ShortBuffer elements(long from, int count) {
    return new Address().at(address(from), count).asByteBuffer().asShortBuffer();
  }

  @Override
  public Dtype dtype() {
    return dtype;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public VectorMath math() {
    return HeapVectors.INSTANCE;
  }

  @Override
  public HalfVector slice(long from, long length) {
    return new HalfVector(root, dtype, first + from, length);
  }

  @Override
  public HalfVector tensor(long from, long... tensorShape) {
    return new HalfVector(root, dtype, first + from, tensorShape.clone());
  }

  @Override
  public Matrix matrix(long from, int rows, int columns) {
    return new HalfMatrix(slice(from, (long) rows * columns), rows, columns);
  }

  @Override
  public void get(long from, short[] to, int at, int count) {
    elements(from, count).get(to, at, count);
  }

  @Override
  public void put(long to, short[] from, int at, int count) {
    elements(to, count).put(from, at, count);
  }

  @Override
  public void get(long from, byte[] to) {
    bytes(from, to.length).get(to, 0, to.length);
  }

  @Override
  public void put(long to, byte[] from) {
    bytes(to, from.length).put(from, 0, from.length);
  }

  private BytePointer bytes(long from, int count) {
    Address start = new Address().at(address(0), 0);
    return new BytePointer(start).position(from).limit(from + count);
  }

  @Override
  public void close() {
    root.close();
  }

  /** A pointer to memory that it does not own. */
  private static final class Address extends ShortPointer {
    Address() {
      super((Pointer) null);
    }

    Address at(long newAddress, long elements) {
      address = newAddress;
      position = 0;
      limit = elements;
      capacity = elements;
      return this;
    }
  }
}
