package org.lethe.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Configuration of one part of the decoder for Deeplearning4j: which tensors it cuts from the flat
 * parameter vector, and how its layer is made. Steps and regularisation are not Deeplearning4j's
 * here, so those answers are empty.
 */
final class DecoderLayerConf extends Layer {
  private static final long serialVersionUID = 1L;

  /** Makes the layer of a part. */
  interface Factory {
    DecoderLayer create(NeuralNetConfiguration conf, DataType type);
  }

  private final transient List<Tensor> base;
  private final transient List<Tensor> trained;
  private final transient LayerMemory memory;
  private final transient Factory factory;

  /**
   * A part.
   *
   * @param base all weights of this part but LoRA factors; those that are not trained are frozen
   * @param trained what it has in the flat vector, weights or LoRA factors
   */
  DecoderLayerConf(
      String name, List<Tensor> base, List<Tensor> trained, LayerMemory memory, Factory factory) {
    this.layerName = name;
    this.base = List.copyOf(base);
    this.trained = List.copyOf(trained);
    this.memory = memory;
    this.factory = factory;
  }

  List<Tensor> base() {
    return base;
  }

  List<Tensor> trained() {
    return trained;
  }

  /** The weights that are not in the flat vector. */
  List<Tensor> frozen() {
    return base.stream().filter(tensor -> !trained.contains(tensor)).toList();
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parametersView,
      boolean initialize,
      DataType type) {
    DecoderLayer layer = factory.create(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    if (parametersView != null) {
      layer.setParamsViewArray(parametersView);
    }
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return new FlatInitializer();
  }

  @Override
  public InputType getOutputType(int index, InputType inputType) {
    return inputType;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    // Sizes come from the decoder's configuration.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public GradientNormalization getGradientNormalization() {
    return GradientNormalization.None;
  }

  @Override
  public double getGradientNormalizationThreshold() {
    return 0;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return memory.report(
        layerName, inputType, TensorCut.length(trained), TensorCut.length(frozen()));
  }

  /** Arrays of the tensors that fill a view of the flat vector, by name. */
  static Map<String, INDArray> cut(List<Tensor> tensors, INDArray view) {
    INDArray flat = view.reshape('c', new long[] {view.length()});
    Map<String, INDArray> table = new LinkedHashMap<>();
    long offset = 0;
    for (Tensor tensor : tensors) {
      long end = offset + tensor.length();
      INDArray piece = flat.get(NDArrayIndex.interval(offset, end));
      table.put(tensor.name(), piece.reshape('c', tensor.shape()));
      offset = end;
    }
    return table;
  }

  /** Cuts the tensors from the view that the network hands out. */
  private static final class FlatInitializer implements ParamInitializer {
    @Override
    public long numParams(NeuralNetConfiguration conf) {
      return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
      return TensorCut.length(tensors(layer));
    }

    @Override
    public List<String> paramKeys(Layer layer) {
      return tensors(layer).stream().map(Tensor::name).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
      return tensors(layer).stream().filter(t -> !t.vector()).map(Tensor::name).toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
      return tensors(layer).stream().filter(Tensor::vector).map(Tensor::name).toList();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
      return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
      return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration conf, INDArray view, boolean initialize) {
      return cut(conf, view);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration conf, INDArray view) {
      return cut(conf, view);
    }

    private static List<Tensor> tensors(Layer layer) {
      return ((DecoderLayerConf) layer).trained();
    }

    private static Map<String, INDArray> cut(NeuralNetConfiguration conf, INDArray view) {
      return DecoderLayerConf.cut(tensors(conf.getLayer()), view);
    }
  }
}
