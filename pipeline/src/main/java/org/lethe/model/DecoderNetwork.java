package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * The Deeplearning4j network that owns the flat parameter vector and the layers. It is built by
 * {@code init} and driven layer by layer from outside: its own training loop knows one loss and one
 * gradient, where unlearning needs two.
 */
final class DecoderNetwork {
  private final MultiLayerNetwork network;
  private final EmbeddingLayer embedding;
  private final List<BlockLayer> blocks = new ArrayList<>();
  private final HeadLayer head;
  private final ParameterLayout layout;
  private final INDArray parameters;

  DecoderNetwork(DecoderConfig config, Adapter adapter, DataType type, Rotary rotary) {
    boolean full = adapter instanceof Adapter.Full;
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .updater(new NoOp())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .list();
    List<Tensor> table = EmbeddingLayer.tensors(config);
    list.layer(
        new DecoderLayerConf(
            "embedding",
            full ? table : List.of(),
            (conf, dataType) -> new EmbeddingLayer(conf, dataType, table, adapter)));
    for (int i = 0; i < config.layers(); i++) {
      int block = i;
      list.layer(
          new DecoderLayerConf(
              "block " + block,
              adapter instanceof Adapter.Lora lora
                  ? LowRank.tensors(config, block, lora)
                  : BlockLayer.tensors(config, block),
              (conf, dataType) -> new BlockLayer(conf, dataType, config, block, rotary, adapter)));
    }
    list.layer(
        new DecoderLayerConf(
            "head",
            full ? HeadLayer.tensors(config) : List.of(),
            (conf, dataType) -> new HeadLayer(conf, dataType, config, adapter)));
    network = new MultiLayerNetwork(list.build());
    network.init();

    embedding = (EmbeddingLayer) network.getLayer(0);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add((BlockLayer) network.getLayer(i + 1));
    }
    head = (HeadLayer) network.getLayer(config.layers() + 1);
    head.tie(embedding);
    layout = new ParameterLayout(entries());
    INDArray flat = network.params();
    parameters = flat.reshape('c', new long[] {flat.length()});
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    long offset = 0;
    for (DecoderLayer<?> layer : layers()) {
      for (Tensor tensor : layer.trained()) {
        entries.add(new Entry(tensor.name(), tensor.shape(), offset));
        offset += tensor.length();
      }
    }
    return entries;
  }

  EmbeddingLayer embedding() {
    return embedding;
  }

  List<BlockLayer> blocks() {
    return blocks;
  }

  HeadLayer head() {
    return head;
  }

  List<DecoderLayer<?>> layers() {
    List<DecoderLayer<?>> layers = new ArrayList<>();
    layers.add(embedding);
    layers.addAll(blocks);
    layers.add(head);
    return layers;
  }

  ParameterLayout layout() {
    return layout;
  }

  INDArray parameters() {
    return parameters;
  }

  Gradients newGradients() {
    INDArray flat = Nd4j.createUninitializedDetached(parameters.dataType(), layout.size());
    flat.assign(0);
    List<DecoderLayer.Bound<?>> bounds = new ArrayList<>();
    long offset = 0;
    for (DecoderLayer<?> layer : layers()) {
      long length = layer.numParams();
      bounds.add(
          length == 0
              ? DecoderLayer.Bound.none()
              : layer.bound(flat.get(NDArrayIndex.interval(offset, offset + length))));
      offset += length;
    }
    return new Gradients(flat, bounds);
  }

  /** Makes the layers add to the given vector from now on. */
  void bind(Gradients gradients) {
    List<DecoderLayer<?>> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).bindUnchecked(gradients.layers().get(i));
    }
  }

  void close() {
    layers().forEach(DecoderLayer::release);
    network.params().close();
  }
}
