package org.lethe.model;

import java.util.List;
import org.lethe.compute.FlatVector;

/**
 * A flat gradient vector of a decoder, cut for each layer. A decoder adds to the vector it is
 * given, so forget and retain gradients need no copies.
 */
public final class Gradients implements AutoCloseable {
  private final FlatVector flat;
  private final List<DecoderLayer.Bound<?>> layers;

  Gradients(FlatVector flat, List<DecoderLayer.Bound<?>> layers) {
    this.flat = flat;
    this.layers = layers;
  }

  /** The vector, [P], in the order of {@link Decoder#layout}. */
  public FlatVector flat() {
    return flat;
  }

  /** Matrices of each layer. */
  List<DecoderLayer.Bound<?>> layers() {
    return layers;
  }

  /** Sets all elements to zero. */
  public void clear() {
    flat.math().fill(0, flat);
  }

  /** Frees the buffer now. */
  @Override
  public void close() {
    flat.close();
  }
}
