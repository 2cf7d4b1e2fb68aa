package org.lethe.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.lethe.compute.FlatVector;
import org.lethe.compute.NetworkVector;
import org.lethe.model.architecture.TensorSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * The decoder's layers in Deeplearning4j: their order, their tensors in the flat vector, and their
 * memory. Two loss gradients and distributed averaging need the flat vector itself. The decoder
 * therefore runs its layers without Deeplearning4j's training loop.
 */
public final class FlatNetwork {
  private final MultiLayerConfiguration configuration;
  private final DataType type;
  private Optional<MultiLayerNetwork> owner = Optional.empty();

  /** Describes layers, lowest first. Allocates nothing. */
  public FlatNetwork(List<NetworkLayer> layers, DataType type) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .updater(new NoOp())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .list();
    layers.forEach(list::layer);
    configuration = list.build();
    this.type = type;
  }

  private List<Layer> layers() {
    return configuration.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
  }

  /** Elements of the flat vector of each layer, in order. */
  private List<Long> lengths() {
    return layers().stream().map(layer -> layer.initializer().numParams(layer)).toList();
  }

  /** All tensors of the flat vector, in order and without gaps. */
  public List<TensorSpec> tensors() {
    return layers().stream().flatMap(layer -> ((NetworkLayer) layer).tensors().stream()).toList();
  }

  /** P, elements of the flat vector. */
  public long length() {
    return lengths().stream().mapToLong(Long::longValue).sum();
  }

  /** Elements of the flat vector of the first layers. */
  public long length(int layers) {
    return lengths().stream().limit(layers).mapToLong(Long::longValue).sum();
  }

  /**
   * The part of each layer in a flat vector. Empty for a layer without tensors in it, and for a
   * layer beyond the end of the vector.
   */
  public List<Optional<FlatVector>> parts(FlatVector flat) {
    List<Optional<FlatVector>> parts = new ArrayList<>();
    long offset = 0;
    for (long length : lengths()) {
      boolean present = length > 0 && offset + length <= flat.length();
      parts.add(present ? Optional.of(flat.slice(offset, length)) : Optional.empty());
      offset += length;
    }
    return parts;
  }

  /**
   * Makes a Deeplearning4j network the owner of the flat parameters if their memory is ND4J's.
   *
   * @param parameters P elements; writing to them changes the network's weights
   */
  public void own(FlatVector parameters) {
    if (length() > 0 && parameters instanceof NetworkVector shared) {
      MultiLayerNetwork network = new MultiLayerNetwork(configuration);
      network.init(shared.array().reshape('c', new long[] {1, parameters.length()}), false);
      owner = Optional.of(network);
    }
  }

  /**
   * The network that owns the parameters, for Deeplearning4j's summaries, listeners and tools;
   * empty if the backend's memory is not ND4J's.
   */
  public Optional<MultiLayerNetwork> owner() {
    return owner;
  }

  /** Bytes of activations of a training step, the sum of the layers' memory reports. */
  public long activationBytes(int rows) {
    InputType input = InputType.recurrent(1, rows);
    return layers().stream()
        .map(layer -> layer.getMemoryReport(input))
        .mapToLong(
            report ->
                report.getMemoryBytes(
                    MemoryType.WORKING_MEMORY_VARIABLE,
                    1,
                    MemoryUseMode.TRAINING,
                    CacheMode.NONE,
                    type))
        .sum();
  }
}
