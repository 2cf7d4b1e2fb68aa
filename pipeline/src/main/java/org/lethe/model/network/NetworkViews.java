package org.lethe.model.network;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Deeplearning4j's layer over a part of the flat vectors. Deeplearning4j's base class keeps the
 * views of parameters and gradients by tensor name.
 */
final class NetworkViews extends BaseLayer<NetworkLayer> {
  private static final long serialVersionUID = 1L;

  NetworkViews(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
