package org.lethe.compute.heap;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.lethe.compute.FlatVector;
import org.lethe.compute.NetworkVector;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.TensorValues;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A FLOAT vector in memory that ND4J allocated on the host. */
final class HeapVector implements FlatVector, NetworkVector {
  private final INDArray array; // [length], without gaps
  private final FloatPointer pointer;
  private final long[] shape;

  private HeapVector(INDArray array, long... shape) {
    this.array = array;
    this.shape = shape;
    pointer = new FloatPointer(array.data().addressPointer());
  }

  static HeapVector zeros(long length) {
    INDArray array = Nd4j.createUninitializedDetached(DataType.FLOAT, length);
    array.assign(0);
    return new HeapVector(array, length);
  }

  @Override
  public INDArray array() {
    return array;
  }

  /** A new pointer to an element. Pointers are mutable, so each caller gets its own. */
  FloatPointer at(long element) {
    return pointer.getPointer(element);
  }

  @Override
  public VectorMath math() {
    return HeapVectors.INSTANCE;
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long length() {
    return array.length();
  }

  @Override
  public HeapVector slice(long from, long length) {
    return new HeapVector(piece(from, length), length);
  }

  @Override
  public TensorValues tensor(long from, long... tensorShape) {
    long length = 1;
    for (long extent : tensorShape) {
      length = Math.multiplyExact(length, extent);
    }
    return new HeapVector(piece(from, length), tensorShape.clone());
  }

  @Override
  public HeapMatrix matrix(long from, int rows, int columns) {
    return HeapMatrix.of(piece(from, (long) rows * columns), rows, columns);
  }

  private INDArray piece(long from, long length) {
    return from == 0 && length == array.length()
        ? array
        : array.get(NDArrayIndex.interval(from, from + length));
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    at(from).get(to, at, count);
  }

  @Override
  public void get(long from, double[] to, int at, int count) {
    float[] values = new float[count];
    get(from, values, 0, count);
    for (int i = 0; i < count; i++) {
      to[at + i] = values[i];
    }
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    at(to).put(from, at, count);
  }

  @Override
  public void put(long to, double[] from, int at, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) from[at + i];
    }
    put(to, values, 0, count);
  }

  @Override
  public void get(long from, byte[] to) {
    bytes(from).get(to, 0, to.length);
  }

  @Override
  public void put(long to, byte[] from) {
    bytes(to).put(from, 0, from.length);
  }

  private BytePointer bytes(long from) {
    return new BytePointer(pointer).getPointer(from);
  }

  @Override
  public void close() {
    array.close();
  }
}
