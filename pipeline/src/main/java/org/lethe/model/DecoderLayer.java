package org.lethe.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A part of the decoder as a Deeplearning4j layer. The network hands it a view of the flat
 * parameters; which gradient vector it adds to is bound before a backward pass.
 *
 * <p>The decoder drives layers through {@link #forward} and {@link #backward}, with memory that the
 * pass provides; Deeplearning4j's own {@code activate} and {@code backpropGradient} lead to the
 * same two methods.
 *
 * @param <V> the part's weights as matrices; its gradients have the same form
 */
abstract class DecoderLayer<V> extends AbstractLayer<DecoderLayerConf> {
  private static final long serialVersionUID = 1L;

  /**
   * Matrices cut from one vector.
   *
   * @param base weights, or their gradients, which do not exist where they are frozen
   * @param factors LoRA factors, empty in full training
   */
  record Bound<V>(Optional<V> base, Map<Projection, LowRank.Factors> factors) {
    static <V> Bound<V> none() {
      return new Bound<>(Optional.empty(), Map.of());
    }
  }

  private final transient Adapter adapter;
  private transient INDArray frozen;
  private transient INDArray parametersView;
  private transient INDArray gradientsView;
  private transient TensorCut baseCut;
  private transient V weights;
  private transient Map<Projection, LowRank.Factors> factors = Map.of();
  private transient Bound<V> gradients = Bound.none();
  private transient Optional<Pass> attached = Optional.empty();

  DecoderLayer(
      NeuralNetConfiguration conf, DataType type, List<Tensor> baseTensors, Adapter adapter) {
    super(conf, type);
    this.adapter = adapter;
    if (adapter instanceof Adapter.Lora) {
      frozen = Nd4j.createUninitializedDetached(type, TensorCut.length(baseTensors));
      setWeights(new TensorCut(baseTensors, frozen));
    }
  }

  /** Cuts this part's matrices. */
  abstract V matrices(TensorCut cut);

  /** LoRA factors in the cut, none for most parts. */
  Map<Projection, LowRank.Factors> factors(TensorCut cut) {
    return Map.of();
  }

  /** From the layer's input to its output, in memory of the pass. */
  abstract Matrix forward(Matrix input, Pass pass);

  /** Adds to the bound gradients; from dLoss/dOutput to dLoss/dInput, in place where possible. */
  abstract Matrix backward(Matrix dOutput, Pass pass);

  final V weights() {
    return weights;
  }

  final Optional<V> weightGradients() {
    return gradients.base();
  }

  final Map<Projection, LowRank.Factors> factors() {
    return factors;
  }

  final Map<Projection, LowRank.Factors> factorGradients() {
    return gradients.factors();
  }

  /** All weights that are not LoRA factors. */
  final TensorCut baseCut() {
    return baseCut;
  }

  /** The LoRA factors beside a weight, if it has any. */
  final Optional<LowRank.Factors> factorsOf(String weightName) {
    return factors.entrySet().stream()
        .filter(e -> weightName.endsWith(e.getKey().path() + ".weight"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** LoRA factors by name. */
  final Optional<TensorCut> trainedCut() {
    return Optional.ofNullable(parametersView).map(view -> new TensorCut(trained(), view));
  }

  final List<Tensor> trained() {
    return layerConf().trained();
  }

  /** Cuts this layer's part of a gradient vector. */
  final Bound<V> bound(INDArray view) {
    TensorCut cut = new TensorCut(trained(), view);
    return adapter instanceof Adapter.Lora
        ? new Bound<>(Optional.empty(), factors(cut))
        : new Bound<>(Optional.of(matrices(cut)), Map.of());
  }

  final void bind(Bound<V> newGradients) {
    gradients = newGradients;
  }

  /** Binds what {@link #bound} of this same layer returned. */
  @SuppressWarnings("unchecked")
  final void bindUnchecked(Bound<?> own) {
    bind((Bound<V>) own);
  }

  private void setWeights(TensorCut cut) {
    baseCut = cut;
    weights = matrices(cut);
  }

  /** Names the pass for calls that come through Deeplearning4j's own methods. */
  final void attach(Pass pass) {
    attached = Optional.of(pass);
  }

  final void release() {
    if (frozen != null) {
      frozen.close();
    }
  }

  @Override
  public final void setParamsViewArray(INDArray view) {
    parametersView = view;
    TensorCut cut = new TensorCut(trained(), view);
    if (adapter instanceof Adapter.Lora) {
      factors = factors(cut);
    } else {
      setWeights(cut);
    }
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    gradientsView = view;
    bind(bound(view));
  }

  @Override
  public final INDArray getGradientsViewArray() {
    return gradientsView;
  }

  @Override
  public final INDArray params() {
    return parametersView;
  }

  @Override
  public final void setParams(INDArray parameters) {
    parametersView.assign(parameters);
  }

  @Override
  public final long numParams() {
    return TensorCut.length(trained());
  }

  @Override
  public final long numParams(boolean backwards) {
    return numParams();
  }

  @Override
  public final Map<String, INDArray> paramTable() {
    return paramTable(false);
  }

  @Override
  public final Map<String, INDArray> paramTable(boolean backpropParamsOnly) {
    Map<String, INDArray> table = new LinkedHashMap<>();
    trainedCut().ifPresent(cut -> cut.tensors().forEach(t -> table.put(t.name(), cut.array(t))));
    return table;
  }

  @Override
  public final INDArray getParam(String name) {
    return paramTable().get(name);
  }

  @Override
  public final Gradient gradient() {
    Gradient gradient = new DefaultGradient(gradientsView);
    if (gradientsView != null) {
      TensorCut cut = new TensorCut(trained(), gradientsView);
      cut.tensors().forEach(t -> gradient.setGradientFor(t.name(), cut.array(t)));
    }
    return gradient;
  }

  @Override
  public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    Pass pass = attached.orElseThrow(() -> new IllegalStateException("no pass is attached"));
    return forward(matrix(input), pass).array();
  }

  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaces) {
    Pass pass = attached.orElseThrow(() -> new IllegalStateException("no pass is attached"));
    Matrix dOutput = pass.buffers().dResidual(pass.count());
    dOutput.array().assign(epsilon);
    Matrix dInput = backward(dOutput, pass);
    return new Pair<>(gradient(), dInput.array());
  }

  private Matrix matrix(INDArray array) {
    Matrix copy = Matrix.allocate(dataType, (int) array.rows(), (int) array.columns());
    copy.array().assign(array);
    return copy;
  }

  @Override
  public final boolean isPretrainLayer() {
    return false;
  }

  @Override
  public final void clearNoiseWeightParams() {
    // Nothing is noisy here.
  }
}
