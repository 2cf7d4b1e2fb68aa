package org.lethe.compute.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lethe.compute.FlatVector;
import org.lethe.compute.NetworkVector;
import org.lethe.compute.VectorMath;
import org.lethe.tensor.TensorValues;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A FLOAT or DOUBLE vector in an ND4J array. */
final class ArrayVector implements FlatVector, NetworkVector {
  private final INDArray array; // [length], without gaps
  private final long[] shape;

  private ArrayVector(INDArray array, long... shape) {
    this.array = array;
    this.shape = shape;
  }

  static ArrayVector zeros(DataType type, long length) {
    INDArray array = Nd4j.createUninitializedDetached(type, length);
    array.assign(0);
    return new ArrayVector(array, length);
  }

  @Override
  public INDArray array() {
    return array;
  }

  @Override
  public VectorMath math() {
    return new ArrayVectors(array.dataType());
  }

  @Override
  public DataType type() {
    return array.dataType();
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
  public FlatVector slice(long from, long length) {
    return new ArrayVector(piece(from, length), length);
  }

  @Override
  public TensorValues tensor(long from, long... tensorShape) {
    long length = 1;
    for (long extent : tensorShape) {
      length = Math.multiplyExact(length, extent);
    }
    return new ArrayVector(piece(from, length), tensorShape.clone());
  }

  @Override
  public ArrayMatrix matrix(long from, int rows, int columns) {
    return ArrayMatrix.of(piece(from, (long) rows * columns), rows, columns);
  }

  private INDArray piece(long from, long length) {
    return from == 0 && length == array.length()
        ? array
        : array.get(NDArrayIndex.interval(from, from + length));
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    HostCopies.read(piece(from, count), to, at);
  }

  @Override
  public void get(long from, double[] to, int at, int count) {
    HostCopies.read(piece(from, count), to, at);
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    HostCopies.write(from, at, piece(to, count));
  }

  @Override
  public void put(long to, double[] from, int at, int count) {
    HostCopies.write(from, at, piece(to, count));
  }

  @Override
  public void get(long from, byte[] to) {
    int first = Math.toIntExact(from % width());
    int count = (first + to.length + width() - 1) / width();
    ByteBuffer bytes = buffer(count);
    if (type() == DataType.FLOAT) {
      float[] values = new float[count];
      get(from / width(), values, 0, count);
      bytes.asFloatBuffer().put(values);
    } else {
      double[] values = new double[count];
      get(from / width(), values, 0, count);
      bytes.asDoubleBuffer().put(values);
    }
    bytes.get(first, to);
  }

  @Override
  public void put(long to, byte[] from) {
    if (to % width() != 0 || from.length % width() != 0) {
      throw new IllegalArgumentException(
          "Invalid bytes: " + from.length + " at " + to + ", expected whole elements");
    }
    ByteBuffer bytes = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN);
    int count = from.length / width();
    if (type() == DataType.FLOAT) {
      float[] values = new float[count];
      bytes.asFloatBuffer().get(values);
      put(to / width(), values, 0, count);
    } else {
      double[] values = new double[count];
      bytes.asDoubleBuffer().get(values);
      put(to / width(), values, 0, count);
    }
  }

  private int width() {
    return type().width();
  }

  private ByteBuffer buffer(int count) {
    return ByteBuffer.allocate(count * width()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    array.close();
  }
}
