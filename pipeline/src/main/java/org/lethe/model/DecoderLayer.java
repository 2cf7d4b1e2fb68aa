package org.lethe.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.lethe.compute.Backend;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A part of the decoder as a Deeplearning4j layer. The network hands it a view of the flat
 * parameters; which gradient vector it adds to is bound before a backward pass.
 *
 * <p>The decoder drives layers through {@link #forward} and {@link #backward}, with memory that the
 * pass provides. Deeplearning4j's own {@code activate} and {@code backpropGradient} lead to the
 * same two methods for the pass that {@link DecoderPasses#pass} made last, at the price of a copy.
 *
 * @param <V> the part's weights as matrices; its gradients have the same form
 */
abstract class DecoderLayer<V> extends AbstractLayer<DecoderLayerConf> {
  private static final long serialVersionUID = 1L;

  /**
   * Matrices cut from one vector.
   *
   * @param base weights, or their gradients; what is frozen has none
   * @param factors LoRA factors, empty without an adapter
   */
  record Bound<V>(V base, Map<Projection, LowRank.Factors> factors) {}

  private final transient Backend backend;
  private final transient Optional<FlatVector> frozen;
  private final transient TensorCut frozenCut;
  private transient INDArray parametersView;
  private transient INDArray gradientsView;
  private transient TensorCut baseCut;
  private transient Bound<V> own;
  private transient Bound<V> weights;
  private transient Bound<V> gradients;
  private transient Optional<Pass> attached = Optional.empty();

  DecoderLayer(NeuralNetConfiguration conf, Backend backend) {
    super(conf, backend.type());
    this.backend = backend;
    List<Tensor> rest = layerConf().frozen();
    frozen =
        rest.isEmpty()
            ? Optional.empty()
            : Optional.of(backend.vectors().zeros(TensorCut.length(rest)));
    frozenCut = frozen.map(vector -> new TensorCut(rest, vector)).orElseGet(TensorCut::empty);
    baseCut = joined(TensorCut.empty());
  }

  /** The weights, of which the trained ones come from another cut. */
  private TensorCut joined(TensorCut trainedCut) {
    return TensorCut.joined(layerConf().base(), frozenCut, trainedCut);
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

  /** Puts an input from elsewhere where the pass keeps this layer's input. */
  abstract Matrix received(INDArray given, Pass pass);

  /** Where dLoss/dOutput stands. */
  Matrix dOutput(Pass pass) {
    return pass.buffers().dResidual(pass.count());
  }

  final V weights() {
    return current().base();
  }

  final V weightGradients() {
    return gradients.base();
  }

  final Map<Projection, LowRank.Factors> factors() {
    return current().factors();
  }

  final Map<Projection, LowRank.Factors> factorGradients() {
    return gradients.factors();
  }

  private Bound<V> current() {
    return weights == null ? ownWeights() : weights;
  }

  /** All weights that are not LoRA factors. */
  final TensorCut baseCut() {
    return baseCut;
  }

  /** The LoRA factors beside a weight, if it has any. */
  final Optional<LowRank.Factors> factorsOf(String weightName) {
    return factors().entrySet().stream()
        .filter(e -> weightName.endsWith(e.getKey().path() + ".weight"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  final List<Tensor> trained() {
    return layerConf().trained();
  }

  /** Whether any of its weights or factors is trained. */
  final boolean isTrained() {
    return !trained().isEmpty();
  }

  /** Cuts this layer's part of a gradient vector; nothing if it has no part in it. */
  final Bound<V> boundGradients(Optional<FlatVector> view) {
    TensorCut cut = view.map(v -> new TensorCut(trained(), v)).orElseGet(TensorCut::empty);
    return new Bound<>(matrices(cut), factors(cut));
  }

  /** Binds what {@link #boundGradients} of this same layer returned. */
  @SuppressWarnings("unchecked")
  final void bindGradients(Bound<?> own) {
    gradients = (Bound<V>) own;
  }

  /** The weights with trained ones from the layer's own part of the parameters. */
  final Bound<V> ownWeights() {
    if (own == null) {
      own = new Bound<>(matrices(baseCut), Map.of());
    }
    return own;
  }

  /** The weights with trained ones from another vector in place of the parameters. */
  final Bound<V> boundWeights(FlatVector view) {
    TensorCut cut = new TensorCut(trained(), view);
    return new Bound<>(matrices(joined(cut)), factors(cut));
  }

  /** Computes with these weights from now on. */
  @SuppressWarnings("unchecked")
  final void bindWeights(Bound<?> own) {
    weights = (Bound<V>) own;
  }

  /** Names the pass for calls through Deeplearning4j's own methods, which have no place for it. */
  final void attach(Pass pass) {
    attached = Optional.of(pass);
  }

  final void release() {
    frozen.ifPresent(FlatVector::close);
  }

  @Override
  public final void setParamsViewArray(INDArray view) {
    parametersView = view;
  }

  /** Computes with the trained tensors of this part of the flat parameters. */
  final void bindParameters(FlatVector part) {
    baseCut = joined(new TensorCut(trained(), part));
    own = boundWeights(part);
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    gradientsView = view;
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
    return parametersView == null ? Map.of() : DecoderLayerConf.cut(trained(), parametersView);
  }

  @Override
  public final INDArray getParam(String name) {
    return paramTable().get(name);
  }

  @Override
  public final Gradient gradient() {
    Gradient gradient = new DefaultGradient(gradientsView);
    if (gradientsView != null) {
      DecoderLayerConf.cut(trained(), gradientsView).forEach(gradient::setGradientFor);
    }
    return gradient;
  }

  @Override
  public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    return array(forward(received(input, pass()), pass()));
  }

  /** Adds to the gradients, where Deeplearning4j's layers write over them. */
  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaces) {
    Matrix dInput = backward(copied(epsilon, dOutput(pass())), pass());
    return new Pair<>(gradient(), array(dInput));
  }

  private Pass pass() {
    return attached.orElseThrow(
        () ->
            new IllegalStateException(
                "No pass is made before layer " + conf().getLayer().getLayerName()));
  }

  static Matrix copied(INDArray from, Matrix to) {
    to.upload(from.dup('c').data().asDouble());
    return to;
  }

  private INDArray array(Matrix matrix) {
    double[] values = new double[matrix.rows() * matrix.columns()];
    matrix.download(values);
    return Nd4j.createFromArray(values)
        .castTo(backend.type())
        .reshape('c', matrix.rows(), matrix.columns());
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(this);
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
