package org.lethe.model.network;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.lethe.model.architecture.TensorSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's configuration of one part of the decoder: its tensors in the flat vector and the
 * activations that it keeps.
 */
public final class NetworkLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  /** Size of a layer's activations. */
  @FunctionalInterface
  public interface Activations {
    /** Elements that a training step over a number of rows keeps for this layer. */
    long elements(int rows);
  }

  private final transient List<TensorSpec> tensors;
  private final transient Activations activations;

  /**
   * @param name unique name, {@code block 3}
   * @param tensors tensors in the flat vector, in order; may be empty
   * @param activations activations of a training step
   */
  public NetworkLayer(String name, List<TensorSpec> tensors, Activations activations) {
    this.layerName = name;
    this.tensors = List.copyOf(tensors);
    this.activations = activations;
  }

  /** Tensors in the flat vector, in order. */
  List<TensorSpec> tensors() {
    return tensors;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray view,
      boolean initialize,
      DataType type) {
    NetworkViews layer = new NetworkViews(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(view);
    layer.setParamTable(initializer().init(conf, view, initialize));
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return new FlatInitializer();
  }

  /**
   * {@inheritDoc}
   *
   * @param input sequence type whose length is the number of rows of a batch
   */
  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    int rows = Math.toIntExact(((InputTypeRecurrent) input).getTimeSeriesLength());
    long elements = activations.elements(rows);
    return new LayerMemoryReport.Builder(layerName, NetworkLayer.class, input, input)
        .standardMemory(TensorSpec.length(tensors), 0)
        .workingMemory(0, elements, 0, elements)
        .cacheMemory(0, 0)
        .build();
  }
}
