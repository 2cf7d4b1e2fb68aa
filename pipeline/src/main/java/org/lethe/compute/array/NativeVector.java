package org.lethe.compute.array;

import org.lethe.compute.FlatVector;
import org.lethe.compute.NetworkVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A vector in memory that ND4J allocated: its array, its shape and how pieces are cut from it.
 *
 * @param <V> the backend's vector
 */
public abstract class NativeVector<V extends FlatVector> implements FlatVector, NetworkVector {
  private final INDArray array; // [length], without gaps
  private final long[] shape;

  /** Wraps an array; both arguments are shared, not copied. */
  protected NativeVector(INDArray array, long... shape) {
    this.array = array;
    this.shape = shape;
  }

  /** Returns new memory, outside any workspace. */
  protected static INDArray zeroed(DataType type, long length) {
    INDArray array = Nd4j.createUninitializedDetached(type, length);
    array.assign(0);
    return array;
  }

  /** Returns a vector or tensor that shares the memory of a piece. */
  protected abstract V of(INDArray piece, long... pieceShape);

  protected final INDArray piece(long from, long length) {
    return from == 0 && length == array.length()
        ? array
        : array.get(NDArrayIndex.interval(from, from + length));
  }

  @Override
  public final INDArray array() {
    return array;
  }

  @Override
  public final long[] shape() {
    return shape.clone();
  }

  @Override
  public final long length() {
    return array.length();
  }

  @Override
  public final V slice(long from, long length) {
    return of(piece(from, length), length);
  }

  @Override
  public final V tensor(long from, long... tensorShape) {
    long length = 1;
    for (long extent : tensorShape) {
      length = Math.multiplyExact(length, extent);
    }
    return of(piece(from, length), tensorShape.clone());
  }

  @Override
  public final void close() {
    array.close();
  }
}
