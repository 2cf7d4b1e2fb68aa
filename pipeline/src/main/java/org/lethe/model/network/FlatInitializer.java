package org.lethe.model.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.lethe.model.architecture.TensorSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cuts a layer's part of a flat vector into its tensors. The decoder's source provides the values.
 */
final class FlatInitializer implements ParamInitializer {
  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return TensorSpec.length(tensors(layer));
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return tensors(layer).stream().map(TensorSpec::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return tensors(layer).stream().filter(t -> !t.isVector()).map(TensorSpec::name).toList();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return tensors(layer).stream().filter(TensorSpec::isVector).map(TensorSpec::name).toList();
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
    paramKeys(conf.getLayer()).forEach(conf::addVariable);
    return cut(conf, view);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return cut(conf, view);
  }

  private static List<TensorSpec> tensors(Layer layer) {
    return ((NetworkLayer) layer).tensors();
  }

  private static Map<String, INDArray> cut(NeuralNetConfiguration conf, INDArray view) {
    Map<String, INDArray> table = new LinkedHashMap<>();
    long offset = 0;
    for (TensorSpec tensor : tensors(conf.getLayer())) {
      long end = offset + tensor.length();
      INDArray flat = view.reshape('c', new long[] {view.length()});
      table.put(
          tensor.name(), flat.get(NDArrayIndex.interval(offset, end)).reshape('c', tensor.shape()));
      offset = end;
    }
    return table;
  }
}
