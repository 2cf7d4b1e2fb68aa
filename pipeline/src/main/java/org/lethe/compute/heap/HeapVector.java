package org.lethe.compute.heap;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.lethe.compute.VectorMath;
import org.lethe.compute.array.NativeVector;
import org.lethe.tensor.FloatValues;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A FLOAT vector in memory that ND4J allocated on the host. */
final class HeapVector extends NativeVector<HeapVector> implements FloatValues {
  private final FloatPointer pointer;

  private HeapVector(INDArray array, long... shape) {
    super(array, shape);
    pointer = new FloatPointer(array.data().addressPointer());
  }

  static HeapVector zeros(long length) {
    return new HeapVector(zeroed(DataType.FLOAT, length), length);
  }

  @Override
  protected HeapVector of(INDArray piece, long... pieceShape) {
    return new HeapVector(piece, pieceShape);
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
  public HeapMatrix matrix(long from, int rows, int columns) {
    return HeapMatrix.of(piece(from, (long) rows * columns), rows, columns);
  }

  @Override
  public void get(long from, float[] to, int at, int count) {
    at(from).get(to, at, count);
  }

  @Override
  public void put(long to, float[] from, int at, int count) {
    at(to).put(from, at, count);
  }

  @Override
  public void get(long from, byte[] to) {
    bytes(from).get(to, 0, to.length);
  }

  @Override
  public void put(long to, byte[] from) {
    bytes(to).put(from, 0, from.length);
  }

  @Override
  public void get(long from, ByteBuffer to) {
    to.put(memory(from, to.remaining()));
  }

  @Override
  public void put(long to, ByteBuffer from) {
    memory(to, from.remaining()).put(from);
  }

  /** The vector's own memory as a buffer. */
  private ByteBuffer memory(long from, int count) {
    return bytes(from).capacity(count).asByteBuffer();
  }

  private BytePointer bytes(long from) {
    return new BytePointer(pointer).getPointer(from);
  }
}
