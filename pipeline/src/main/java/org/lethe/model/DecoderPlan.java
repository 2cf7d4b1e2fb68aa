package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lethe.model.BlockLayer.Below;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.Activations;
import org.lethe.model.network.FlatNetwork;
import org.lethe.model.network.NetworkLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The trained tensors of each layer of a decoder.
 *
 * @param architecture the decoder
 * @param adapter choice of trained weights
 * @param trained names of the trained weights; LoRA factors are not among them
 * @param firstTrainedBlock lowest block that a backward pass must reach
 */
record DecoderPlan(
    Architecture architecture, Adapter adapter, Set<String> trained, int firstTrainedBlock) {
  static DecoderPlan of(Architecture architecture, Adapter adapter) {
    return new DecoderPlan(
        architecture,
        adapter,
        TrainedTensors.of(architecture, adapter),
        TrainedTensors.firstBlock(architecture, adapter));
  }

  List<TensorSpec> embedding() {
    return TrainedTensors.chosen(architecture.embedding().tensors(), trained);
  }

  List<TensorSpec> block(Block block) {
    return adapter instanceof Adapter.Lora lora
        ? LowRank.tensors(block, lora)
        : TrainedTensors.chosen(block.tensors(), trained);
  }

  List<TensorSpec> head() {
    return TrainedTensors.chosen(architecture.headTensors(), trained);
  }

  /** The LoRA factors of a block, if the adapter is LoRA. */
  Optional<LowRank> lowRank(Block block) {
    return adapter instanceof Adapter.Lora lora
        ? Optional.of(new LowRank(block, lora))
        : Optional.empty();
  }

  /** Whether anything below a block is trained. */
  Below below(Block block) {
    return block.index() > firstTrainedBlock || !embedding().isEmpty()
        ? Below.TRAINED
        : Below.FROZEN;
  }

  /**
   * The layers for Deeplearning4j.
   *
   * @param blocks number of blocks that a step runs; the layers above report no memory
   */
  FlatNetwork network(DataType type, int blocks, Activations activations) {
    boolean shares = activations == Activations.RECOMPUTED;
    List<NetworkLayer> layers = new ArrayList<>();
    layers.add(new NetworkLayer("embedding", embedding(), rows -> 0));
    for (Block block : architecture.blocks()) {
      boolean keeps = block.index() >= firstTrainedBlock && block.index() < blocks;
      layers.add(
          new NetworkLayer(
              "block " + block.index(),
              block(block),
              rows -> keeps ? blockElements(rows, shares ? 0 : 1) : 0));
    }
    boolean noBlockKeeps = Math.min(blocks, architecture.layers()) <= firstTrainedBlock;
    layers.add(
        new NetworkLayer(
            "head",
            head(),
            rows ->
                Buffers.sharedElements(architecture, adapter, type, rows)
                    + (noBlockKeeps ? blockElements(rows, 1) : 0)
                    + (shares && !noBlockKeeps ? Buffers.slotElements(architecture, rows) : 0)));
    return new FlatNetwork(layers, type);
  }

  /** Elements of a block's input and of its slots. */
  private long blockElements(int rows, int slots) {
    return Buffers.inputElements(architecture, rows)
        + slots * Buffers.slotElements(architecture, rows);
  }
}
