package org.lethe.model;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.lethe.model.Buffers.PassKind;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Elements of a layer's part of {@link Buffers}. What several layers share is counted with the
 * head, so that the parts of all layers are what {@link DecoderMemory#trainingBytes} tells.
 *
 * @param fixed chunk of logits, however many rows there are
 * @param evaluationRow for each row of a pass that only goes forward
 * @param trainingRow for each row of a training pass
 */
record LayerMemory(long fixed, long evaluationRow, long trainingRow) {
  /** The embedding writes straight into the first block's input. */
  static LayerMemory ofEmbedding() {
    return new LayerMemory(0, 0, 0);
  }

  static LayerMemory ofBlock(DecoderConfig config, Adapter adapter, int block) {
    boolean ownSlot = block >= TrainedTensors.firstBlock(config, adapter);
    return new LayerMemory(0, 0, ownSlot ? Buffers.slotElements(config) : 0);
  }

  static LayerMemory ofHead(DecoderConfig config, Adapter adapter, DataType type) {
    long slot = Buffers.slotElements(config);
    boolean noBlockHasOne = TrainedTensors.firstBlock(config, adapter) == config.layers();
    return new LayerMemory(
        Buffers.logitElements(config, type, Integer.MAX_VALUE),
        Buffers.sharedElements(config, adapter, PassKind.EVALUATION) + slot,
        Buffers.sharedElements(config, adapter, PassKind.TRAINING) + (noBlockHasOne ? slot : 0));
  }

  /**
   * Deeplearning4j's form of it. Deeplearning4j itself adds the layers' outputs, which are in these
   * numbers already, so its totals are upper bounds. Optimizers are not its own here: no state.
   *
   * @param input a row, or a sequence of rows if it is recurrent
   * @param trained elements in the flat vector
   * @param frozen elements of weights beside it
   */
  LayerMemoryReport report(String name, InputType input, long trained, long frozen) {
    long rows =
        input instanceof InputTypeRecurrent sequence
            ? Math.max(1, sequence.getTimeSeriesLength())
            : 1;
    return new LayerMemoryReport.Builder(name, DecoderLayerConf.class, input, input)
        .standardMemory(trained, 0)
        .workingMemory(fixed + frozen, evaluationRow * rows, fixed + frozen, trainingRow * rows)
        .cacheMemory(0, 0)
        .build();
  }
}
