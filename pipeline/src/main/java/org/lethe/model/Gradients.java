package org.lethe.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A flat gradient vector of a decoder with a view for each layer. A decoder adds to whichever is
 * given, so that forget and retain gradients live in two buffers without copies.
 */
public final class Gradients implements AutoCloseable {
  private final INDArray flat;

  Gradients(INDArray flat) {
    this.flat = flat;
  }

  /** The vector, [P], in the order of {@link Decoder#layout}. */
  public INDArray flat() {
    return flat;
  }

  /** Sets all elements to zero. */
  public void clear() {
    flat.assign(0);
  }

  /** Frees the buffer now. */
  @Override
  public void close() {
    flat.close();
  }
}
