package org.lethe.model;

import java.util.List;
import java.util.Set;
import org.lethe.compute.Backend;
import org.lethe.error.ModelErrors;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.Activations;
import org.lethe.model.layer.FrozenMemory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Memory and number of trained parameters of a decoder, computed from its description before work
 * starts.
 */
public final class DecoderMemory {
  private DecoderMemory() {}

  /**
   * Bytes of activations in a training step, one chunk of logits included; parameters and gradients
   * excluded. The sum of the layers' memory reports in Deeplearning4j.
   *
   * @param rows sequences times length
   * @param blocks number of blocks that losses run; larger values count as all blocks
   */
  public static long trainingBytes(
      Architecture architecture, Adapter adapter, DataType type, int rows, int blocks) {
    return trainingBytes(architecture, adapter, type, rows, blocks, Activations.KEPT);
  }

  /** As {@link #trainingBytes(Architecture, Adapter, DataType, int, int)}, kept or recomputed. */
  public static long trainingBytes(
      Architecture architecture,
      Adapter adapter,
      DataType type,
      int rows,
      int blocks,
      Activations activations) {
    return DecoderPlan.of(architecture, adapter)
        .network(type, blocks, activations)
        .activationBytes(rows);
  }

  /**
   * Bytes of frozen weights, and of the memory in which products widen them and round factors.
   *
   * @param memory of the frozen weights
   * @param rows sequences times length
   */
  public static long frozenBytes(
      Architecture architecture, Adapter adapter, FrozenMemory memory, int rows) {
    Set<String> trained = TrainedTensors.of(architecture, adapter);
    List<TensorSpec> frozen =
        architecture.tensors().stream().filter(t -> !trained.contains(t.name())).toList();
    return memory.bytes(frozen)
        + wideningBytes(architecture, frozen, memory, rows)
        + roundingBytes(architecture, memory.backend(), rows);
  }

  /** Products run one after another, so the largest one decides. */
  private static long roundingBytes(Architecture architecture, Backend backend, int rows) {
    TensorSpec head = architecture.head().weight().orElse(architecture.embedding().table());
    int chunk = Buffers.chunkRows(architecture, backend.type(), rows);
    long most = backend.roundingBytes(head.rows(), head.columns(), chunk);
    for (FusedLinear maps : architecture.blocks().get(0).products()) {
      most = Math.max(most, backend.roundingBytes(maps.outputs(), maps.inputs(), rows));
    }
    return most;
  }

  /** Products run one after another, so the largest one decides. */
  private static long wideningBytes(
      Architecture architecture, List<TensorSpec> frozen, FrozenMemory memory, int rows) {
    long most = 0;
    TensorSpec head = architecture.head().weight().orElse(architecture.embedding().table());
    if (frozen.contains(head)) {
      int chunk = Buffers.chunkRows(architecture, memory.backend().type(), rows);
      most = memory.wideningBytes(head, head.rows(), head.columns(), chunk);
    }
    for (FusedLinear maps : architecture.blocks().get(0).products()) {
      TensorSpec weight = maps.weights().get(0);
      if (frozen.contains(weight)) {
        most = Math.max(most, memory.wideningBytes(weight, maps.outputs(), maps.inputs(), rows));
      }
    }
    return most;
  }

  /**
   * Number of trained parameters P.
   *
   * @throws org.lethe.error.LetheException USAGE if a pattern of trained tensors matches none
   */
  public static long trainedParameters(Architecture architecture, Adapter adapter) {
    return TrainedTensors.length(architecture, adapter, Integer.MAX_VALUE);
  }

  /**
   * Number of trained parameters of the embedding and the first blocks; {@link
   * Decoder#withParameters} copies these.
   */
  public static long trainedParameters(Architecture architecture, Adapter adapter, int blocks) {
    return TrainedTensors.length(architecture, adapter, blocks);
  }

  /**
   * Rejects a loss of a block's output that the model cannot train.
   *
   * @param blocks number of blocks up to there; larger than any model for a loss of logits
   * @throws org.lethe.error.LetheException USAGE if the model has fewer blocks, or none of their
   *     tensors is trained
   */
  public static void checkDepth(Architecture architecture, Adapter adapter, int blocks) {
    if (blocks == Integer.MAX_VALUE) {
      return;
    }
    if (blocks > architecture.layers()) {
      throw ModelErrors.noSuchLayer(blocks - 1, architecture.layers());
    }
    if (TrainedTensors.firstBlock(architecture, adapter) >= blocks) {
      throw ModelErrors.nothingTrained(blocks - 1);
    }
  }
}
