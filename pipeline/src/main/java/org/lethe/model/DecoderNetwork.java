package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.compute.NetworkVector;
import org.lethe.model.BlockLayer.Before;
import org.lethe.model.ParameterLayout.Entry;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
  private final FlatVector parameters;
  private final int firstTrainedBlock;

  DecoderNetwork(DecoderConfig config, Adapter adapter, Backend backend, Rotary rotary) {
    Set<String> trained = TrainedTensors.of(config, adapter);
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(backend.type())
            .updater(new NoOp())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .list();
    list.layer(
        new DecoderLayerConf(
            "embedding",
            EmbeddingLayer.tensors(config),
            of(EmbeddingLayer.tensors(config), trained),
            LayerMemory.ofEmbedding(),
            (conf, type) -> new EmbeddingLayer(conf, backend, config)));
    firstTrainedBlock = TrainedTensors.firstBlock(config, adapter);
    for (int i = 0; i < config.layers(); i++) {
      int block = i;
      Optional<LowRank> lowRank =
          adapter instanceof Adapter.Lora lora
              ? Optional.of(new LowRank(block, lora))
              : Optional.empty();
      Before before =
          block > firstTrainedBlock || trained.contains(EmbeddingLayer.TABLE)
              ? Before.TRAINED
              : Before.FROZEN;
      list.layer(
          new DecoderLayerConf(
              "block " + block,
              BlockLayer.tensors(config, block),
              adapter instanceof Adapter.Lora lora
                  ? LowRank.tensors(config, block, lora)
                  : of(BlockLayer.tensors(config, block), trained),
              LayerMemory.ofBlock(config, adapter, block),
              (conf, type) ->
                  new BlockLayer(conf, backend, config, block, rotary, lowRank, before)));
    }
    list.layer(
        new DecoderLayerConf(
            "head",
            HeadLayer.tensors(config),
            of(HeadLayer.tensors(config), trained),
            LayerMemory.ofHead(config, adapter, backend.type()),
            (conf, type) -> new HeadLayer(conf, backend, config)));
    network = new MultiLayerNetwork(list.build());
    parameters =
        backend.vectors().zeros(Math.max(1, DecoderMemory.trainedParameters(config, adapter)));
    network.init(row(parameters), false);

    embedding = (EmbeddingLayer) network.getLayer(0);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add((BlockLayer) network.getLayer(i + 1));
    }
    head = (HeadLayer) network.getLayer(config.layers() + 1);
    head.tie(embedding);
    layout = new ParameterLayout(entries());
    bindParameters();
  }

  /**
   * Deeplearning4j's form of a flat vector, [1, P]. Where ND4J does not know the vector's memory,
   * the network gets a row that nobody reads or writes, so the operating system gives it no pages.
   */
  private static INDArray row(FlatVector vector) {
    return vector instanceof NetworkVector shared
        ? shared.array().reshape('c', 1, vector.length())
        : Nd4j.createUninitializedDetached(vector.type(), 1, vector.length());
  }

  private void bindParameters() {
    long offset = 0;
    for (DecoderLayer<?> layer : layers()) {
      long length = layer.numParams();
      if (layer.isTrained()) {
        layer.bindParameters(parameters.slice(offset, length));
      }
      offset += length;
    }
  }

  private static List<Tensor> of(List<Tensor> tensors, Set<String> trained) {
    return tensors.stream().filter(tensor -> trained.contains(tensor.name())).toList();
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

  /** The lowest block that a backward pass has to reach; their number if it has to reach none. */
  int firstTrainedBlock() {
    return firstTrainedBlock;
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

  FlatVector parameters() {
    return parameters;
  }

  Gradients newGradients() {
    FlatVector flat = parameters.math().zeros(layout.size());
    List<DecoderLayer.Bound<?>> bounds = new ArrayList<>();
    long offset = 0;
    for (DecoderLayer<?> layer : layers()) {
      bounds.add(layer.boundGradients(part(flat, offset, layer)));
      offset += layer.numParams();
    }
    return new Gradients(flat, bounds);
  }

  private static Optional<FlatVector> part(FlatVector flat, long offset, DecoderLayer<?> layer) {
    return layer.isTrained()
        ? Optional.of(flat.slice(offset, layer.numParams()))
        : Optional.empty();
  }

  /** Makes the layers add to the given vector from now on. */
  void bind(Gradients gradients) {
    List<DecoderLayer<?>> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).bindGradients(gradients.layers().get(i));
    }
  }

  /** The weights of every layer, with the network's own parameters. */
  List<DecoderLayer.Bound<?>> ownWeights() {
    List<DecoderLayer.Bound<?>> weights = new ArrayList<>();
    layers().forEach(layer -> weights.add(layer.ownWeights()));
    return weights;
  }

  /** Elements of the flat vector up to the end of a number of blocks; all of it for all blocks. */
  long lengthUpTo(int count) {
    return count >= blocks.size()
        ? layout.size()
        : layers().subList(0, count + 1).stream().mapToLong(DecoderLayer::numParams).sum();
  }

  /** The same with the trained tensors of another vector, as far as that reaches. */
  List<DecoderLayer.Bound<?>> weightsOf(FlatVector flat) {
    List<DecoderLayer.Bound<?>> weights = new ArrayList<>();
    long offset = 0;
    for (DecoderLayer<?> layer : layers()) {
      long end = offset + layer.numParams();
      weights.add(
          end > flat.length() || !layer.isTrained()
              ? layer.ownWeights()
              : layer.boundWeights(flat.slice(offset, end - offset)));
      offset = end;
    }
    return weights;
  }

  /** Makes the layers compute with these weights from now on. */
  void bindWeights(List<DecoderLayer.Bound<?>> weights) {
    List<DecoderLayer<?>> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).bindWeights(weights.get(i));
    }
  }

  /** Names the pass that the layers' Deeplearning4j methods work for. */
  void attach(Pass pass) {
    layers().forEach(layer -> layer.attach(pass));
  }

  void close() {
    layers().forEach(DecoderLayer::release);
    if (!(parameters instanceof NetworkVector)) {
      network.params().close();
    }
    parameters.close();
  }
}
