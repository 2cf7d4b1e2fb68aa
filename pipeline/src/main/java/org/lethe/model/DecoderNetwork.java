package org.lethe.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lethe.compute.Compute;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.Rotations;
import org.lethe.model.layer.TensorCut;
import org.lethe.model.network.FlatNetwork;
import org.lethe.tensor.TensorValues;

/**
 * The layers of a decoder and their flat parameter vector. Layers add to the last bound gradients
 * and compute with the last bound weights.
 */
final class DecoderNetwork {
  private final Architecture architecture;
  private final EmbeddingLayer embedding;
  private final List<BlockLayer> blocks = new ArrayList<>();
  private final HeadLayer head;
  private final FlatNetwork network;
  private final FlatVector parameters;
  private final ParameterLayout layout;
  private final int firstTrainedBlock;

  DecoderNetwork(
      Architecture architecture,
      Adapter adapter,
      FrozenMemory memory,
      Rotations rotations,
      Activations activations) {
    this.architecture = architecture;
    DecoderPlan plan = DecoderPlan.of(architecture, adapter);
    firstTrainedBlock = plan.firstTrainedBlock();
    embedding = new EmbeddingLayer(architecture.embedding(), plan.embedding(), memory);
    for (Block block : architecture.blocks()) {
      memory.backend().requireAttention(block.attention().heads());
      blocks.add(
          new BlockLayer(
              block,
              plan.block(block),
              memory,
              rotations.of(block.attention()),
              plan.lowRank(block),
              plan.below(block)));
    }
    head = new HeadLayer(architecture, plan.head(), memory, embedding);
    network = plan.network(memory.backend().type(), architecture.layers(), activations);
    parameters = memory.backend().vectors().zeros(Math.max(1, network.length()));
    network.own(parameters);
    layout = ParameterLayout.of(network.tensors());
  }

  EmbeddingLayer embedding() {
    return embedding;
  }

  List<BlockLayer> blocks() {
    return blocks;
  }

  /** The lowest block that a backward pass must reach, or the number of blocks if there is none. */
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

  /** The layers in Deeplearning4j. */
  FlatNetwork deeplearning4j() {
    return network;
  }

  /** Allocates a gradient vector of zeros, cut for each layer. */
  Gradients newGradients() {
    FlatVector flat = parameters.math().zeros(layout.size());
    List<Optional<FlatVector>> parts = network.parts(flat);
    List<DecoderLayer.Bound<?>> bounds = new ArrayList<>();
    for (DecoderLayer<?> layer : layers()) {
      bounds.add(layer.cutGradients(parts.get(bounds.size())));
    }
    return new Gradients(flat, bounds);
  }

  /** Makes the layers add to the given vector from now on. */
  void bind(Gradients gradients) {
    List<DecoderLayer<?>> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).bindGradients(gradients.layers().get(i));
    }
  }

  /** All weights of each layer except LoRA factors, with the network's own parameters. */
  List<TensorCut> ownTensors() {
    List<Optional<FlatVector>> parts = network.parts(parameters);
    List<TensorCut> cuts = new ArrayList<>();
    for (DecoderLayer<?> layer : layers()) {
      cuts.add(layer.baseCut(parts.get(cuts.size())));
    }
    return cuts;
  }

  /** The weights of every layer, with the network's own parameters. */
  List<DecoderLayer.Bound<?>> ownWeights() {
    return weightsOf(parameters);
  }

  /** Elements of the flat vector up to the end of a number of blocks; all of it for all blocks. */
  long lengthUpTo(int count) {
    return count >= blocks.size() ? network.length() : network.length(count + 1);
  }

  /**
   * The weights of every layer. Trained tensors come from the given vector, as far as it reaches.
   */
  List<DecoderLayer.Bound<?>> weightsOf(FlatVector flat) {
    List<Optional<FlatVector>> own = network.parts(parameters);
    List<Optional<FlatVector>> parts = network.parts(flat);
    List<DecoderLayer.Bound<?>> weights = new ArrayList<>();
    for (DecoderLayer<?> layer : layers()) {
      int i = weights.size();
      weights.add(layer.cutWeights(parts.get(i).or(() -> own.get(i))));
    }
    return weights;
  }

  /** What LoRA factors add to the layers' weights, by the name of the weight. */
  Map<String, LowRank.Change> changes(List<DecoderLayer.Bound<?>> weights) {
    Map<String, LowRank.Change> changes = new HashMap<>();
    for (Block block : architecture.blocks()) {
      Map<String, LowRank.Factors> own = weights.get(1 + block.index()).factors();
      for (Linear map : block.linears()) {
        if (own.containsKey(map.module())) {
          changes.put(map.weight().name(), new LowRank.Change(own.get(map.module()), map.order()));
        }
      }
    }
    return changes;
  }

  /** Makes the layers compute with these weights from now on. */
  void bindWeights(List<DecoderLayer.Bound<?>> weights) {
    List<DecoderLayer<?>> layers = layers();
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).bindWeights(weights.get(i));
    }
  }

  void close() {
    layers().forEach(DecoderLayer::close);
    parameters.close();
  }

  /** The weights of a decoder by name. */
  static final class DecoderWeights {
    private final Decoder decoder;
    private final DecoderNetwork network;

    DecoderWeights(Decoder decoder, DecoderNetwork network) {
      this.decoder = decoder;
      this.network = network;
    }

    /**
     * Passes all weights to the writer.
     *
     * @param changes what LoRA factors add to a weight, by its name
     */
    void forEach(Map<String, LowRank.Change> changes, BiConsumer<String, TensorValues> writer) {
      for (TensorCut cut : network.ownTensors()) {
        for (TensorSpec tensor : cut.tensors()) {
          LowRank.Change own = changes.get(tensor.name());
          if (own == null) {
            writer.accept(tensor.name(), cut.values(tensor));
          } else {
            merged(cut.matrix(tensor), own, tensor.name(), writer);
          }
        }
      }
    }

    /** The weight with its factors. */
    private void merged(
        Matrix weight, LowRank.Change change, String name, BiConsumer<String, TensorValues> to) {
      FlatVector values =
          decoder.backend().vectors().zeros((long) weight.rows() * weight.columns());
      Matrix sum = values.matrix(0, weight.rows(), weight.columns());
      Compute compute = decoder.compute();
      compute.copy(weight, sum);
      change.addTo(sum, ((Adapter.Lora) decoder.adapter()).scale(), compute);
      to.accept(name, values.tensor(0, weight.rows(), weight.columns()));
      values.close();
    }

    /** Changes the weights of all linear maps of the blocks in place. */
    void changeLinearMaps(Consumer<TensorValues> change) {
      Set<String> linear =
          decoder.architecture().blocks().stream()
              .flatMap(block -> block.linears().stream())
              .map(map -> map.weight().name())
              .collect(Collectors.toSet());
      for (TensorCut cut : network.ownTensors()) {
        for (TensorSpec tensor : cut.tensors()) {
          if (linear.contains(tensor.name())) {
            change.accept(cut.values(tensor));
          }
        }
      }
    }
  }
}
