package org.lethe.compute.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lethe.compute.VectorMath;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A FLOAT or DOUBLE vector in an ND4J array. */
final class ArrayVector extends NativeVector<ArrayVector> {
  private ArrayVector(INDArray array, long... shape) {
    super(array, shape);
  }

  static ArrayVector zeros(DataType type, long length) {
    return new ArrayVector(zeroed(type, length), length);
  }

  @Override
  protected ArrayVector of(INDArray piece, long... pieceShape) {
    return new ArrayVector(piece, pieceShape);
  }

  @Override
  public VectorMath math() {
    return new ArrayVectors(type());
  }

  @Override
  public DataType type() {
    return array().dataType();
  }

  @Override
  public ArrayMatrix matrix(long from, int rows, int columns) {
    return ArrayMatrix.of(piece(from, (long) rows * columns), rows, columns);
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
}
