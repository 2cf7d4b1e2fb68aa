package org.lethe.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.TensorCut;

/**
 * A part of the decoder: embedding, block or head. It computes with the last bound weights and adds
 * to the last bound gradients.
 *
 * @param <V> the part's weights as matrices; its gradients have the same form
 */
abstract class DecoderLayer<V> {
  /**
   * Matrices cut from one vector.
   *
   * @param base weights or their gradients; gradients of frozen weights are absent
   * @param factors LoRA factors by module, empty without an adapter
   */
  record Bound<V>(V base, Map<String, LowRank.Factors> factors) {}

  private final List<TensorSpec> base;
  private final List<TensorSpec> trained;
  private final List<FrozenMemory.Part> frozen;
  private final TensorCut frozenCut;
  private Optional<Bound<V>> weights = Optional.empty();
  private Optional<Bound<V>> gradients = Optional.empty();

  /**
   * Allocates the frozen weights.
   *
   * @param base all weights except LoRA factors
   * @param trained weights or LoRA factors in the flat vector
   */
  DecoderLayer(List<TensorSpec> base, List<TensorSpec> trained, FrozenMemory memory) {
    this.base = base;
    this.trained = trained;
    List<TensorSpec> rest = base.stream().filter(tensor -> !trained.contains(tensor)).toList();
    frozen = memory.allocate(rest);
    frozenCut = TensorCut.ofParts(frozen);
  }

  /** Cuts this part's matrices. */
  abstract V matrices(TensorCut cut);

  /** Cuts the LoRA factors; most parts have none. */
  Map<String, LowRank.Factors> factors(TensorCut cut) {
    return Map.of();
  }

  /** Computes the output of an input, in the pass's memory. */
  abstract Matrix forward(Matrix input, Pass pass);

  /** Adds to the bound gradients; turns dLoss/dOutput into dLoss/dInput, in place if possible. */
  abstract Matrix backward(Matrix dOutput, Pass pass);

  final V weights() {
    return weights.orElseThrow().base();
  }

  final V weightGradients() {
    return gradients.orElseThrow().base();
  }

  final Map<String, LowRank.Factors> factors() {
    return weights.orElseThrow().factors();
  }

  final Map<String, LowRank.Factors> factorGradients() {
    return gradients.orElseThrow().factors();
  }

  /** Whether any weight or factor is trained. */
  final boolean isTrained() {
    return !trained.isEmpty();
  }

  /**
   * All weights except LoRA factors. Trained weights come from this layer's part of a flat vector.
   */
  final TensorCut baseCut(Optional<FlatVector> part) {
    return TensorCut.joined(base, frozenCut, TensorCut.of(trained, part));
  }

  /** Matrices of the weights. Trained weights come from this layer's part of a flat vector. */
  final Bound<V> cutWeights(Optional<FlatVector> part) {
    return new Bound<>(matrices(baseCut(part)), cutFactors(part));
  }

  /** Matrices of the gradients in this layer's part of a flat vector. */
  final Bound<V> cutGradients(Optional<FlatVector> part) {
    return new Bound<>(matrices(TensorCut.of(trained, part)), cutFactors(part));
  }

  private Map<String, LowRank.Factors> cutFactors(Optional<FlatVector> part) {
    return part.map(vector -> factors(new TensorCut(trained, vector))).orElse(Map.of());
  }

  /** Uses these weights from now on. They must come from this layer's {@link #cutWeights}. */
  @SuppressWarnings("unchecked")
  final void bindWeights(Bound<?> own) {
    weights = Optional.of((Bound<V>) own);
  }

  /**
   * Adds to these gradients from now on. They must come from this layer's {@link #cutGradients}.
   */
  @SuppressWarnings("unchecked")
  final void bindGradients(Bound<?> own) {
    gradients = Optional.of((Bound<V>) own);
  }

  /** Frees the frozen weights and the layer's own memory. */
  void close() {
    frozen.forEach(part -> part.values().close());
  }
}
