package org.lethe.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A flat gradient vector of a decoder with a view for each layer. A decoder adds to whichever is
 * given, so that forget and retain gradients live in two buffers without copies.
 */
public final class Gradients implements AutoCloseable {
  private final INDArray flat;
  private final List<DecoderLayer.Bound<?>> layers;

  Gradients(INDArray flat, List<DecoderLayer.Bound<?>> layers) {
    this.flat = flat;
    this.layers = layers;
  }

  /** The vector, [P], in the order of {@link Decoder#layout}. */
  public INDArray flat() {
    return flat;
  }

  /** One entry per layer of the network. */
  List<DecoderLayer.Bound<?>> layers() {
    return layers;
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
