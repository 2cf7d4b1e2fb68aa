package org.lethe.model;

import org.lethe.error.ModelErrors;
import org.lethe.model.Buffers.PassKind;
import org.nd4j.linalg.api.buffer.DataType;

/** What a decoder takes and trains, known from its configuration alone before work starts. */
public final class DecoderMemory {
  private DecoderMemory() {}

  /**
   * Bytes of activations and of one chunk of logits that a training step takes, beside parameters
   * and gradients.
   *
   * @param rows sequences times length
   * @param blocks that losses run, or more
   */
  public static long trainingBytes(
      DecoderConfig config, Adapter adapter, DataType type, int rows, int blocks) {
    return Buffers.bytes(
        config, adapter, type, rows, PassKind.TRAINING, Math.min(blocks, config.layers()));
  }

  /**
   * Number of trained parameters P.
   *
   * @throws org.lethe.error.LetheException USAGE if a pattern of trained tensors matches none
   */
  public static long trainedParameters(DecoderConfig config, Adapter adapter) {
    return TrainedTensors.length(config, adapter, Integer.MAX_VALUE);
  }

  /**
   * Of them, those of the embedding and so many blocks; {@link Decoder#withParameters} copies
   * these.
   */
  public static long trainedParameters(DecoderConfig config, Adapter adapter, int blocks) {
    return TrainedTensors.length(config, adapter, blocks);
  }

  /**
   * Refuses a loss that looks at the output of a block.
   *
   * @param blocks up to there; larger than any model for a loss of logits
   * @throws org.lethe.error.LetheException USAGE if the model has fewer, or nothing in them is
   *     trained
   */
  public static void checkDepth(DecoderConfig config, Adapter adapter, int blocks) {
    if (blocks == Integer.MAX_VALUE) {
      return;
    }
    if (blocks > config.layers()) {
      throw ModelErrors.noSuchLayer(blocks - 1, config.layers());
    }
    if (TrainedTensors.firstBlock(config, adapter) >= blocks) {
      throw ModelErrors.nothingTrained(blocks - 1);
    }
  }
}
