package org.lethe.model;

import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.Linear;
import org.lethe.model.layer.TensorCut;
import org.lethe.model.layer.WeightSlices;

/** Computes the linear maps of one product, with their LoRA terms. */
final class FusedStep {
  /**
   * Weights and biases, or their gradients.
   *
   * @param weight [out, in], or [in, out] if inputs are first
   * @param bias [1, out]
   */
  record Weights(WeightSlices weight, WeightSlices bias) {}

  private final FusedLinear maps;
  private final Optional<LowRank> lowRank;

  FusedStep(FusedLinear maps, Optional<LowRank> lowRank) {
    this.maps = maps;
    this.lowRank = lowRank;
  }

  Weights matrices(TensorCut cut) {
    return new Weights(cut.slices(maps.weights()), cut.slices(maps.biases()));
  }

  /** y = maps(x) + beta y. */
  void forward(
      Matrix x, double beta, Matrix y, Weights w, Map<String, LowRank.Factors> factors, Pass pass) {
    WeightSlices.project(pass.compute(), x, w.weight(), maps.order(), w.bias(), beta, y);
    int column = 0;
    for (Linear map : maps.maps()) {
      LowRank.Factors f = factors.get(map.module());
      if (f != null) {
        lowRank.orElseThrow().forward(map, f, x, y.columns(column, map.outputs()), pass);
      }
      column += map.outputs();
    }
  }

  /** Whether any weight, bias or factor is trained. */
  boolean trains(Weights gradients, Map<String, LowRank.Factors> factors) {
    return !gradients.weight().isEmpty() || !gradients.bias().isEmpty() || hasFactors(factors);
  }

  boolean hasFactors(Map<String, LowRank.Factors> factors) {
    return maps.maps().stream().anyMatch(map -> factors.containsKey(map.module()));
  }

  /** dX = dY W, without the LoRA terms. */
  void backward(Matrix dY, Matrix dX, Weights w, Pass pass) {
    WeightSlices.projectBackward(pass.compute(), dY, w.weight(), maps.order(), dX);
  }

  /** Adds to the gradients of the factors, and to dX what comes through them. */
  void addFactorGradients(
      Matrix x,
      Matrix dY,
      Matrix dX,
      Map<String, LowRank.Factors> factors,
      Map<String, LowRank.Factors> gradients,
      Pass pass) {
    int column = 0;
    for (Linear map : maps.maps()) {
      LowRank.Factors f = factors.get(map.module());
      if (f != null) {
        Matrix columns = dY.columns(column, map.outputs());
        LowRank.Factors g = gradients.get(map.module());
        lowRank.orElseThrow().backward(map, f, g, x, columns, dX, pass);
      }
      column += map.outputs();
    }
  }

  /** Adds to the gradients of weights and biases. */
  void addGradients(Matrix x, Matrix dY, Weights gradients, Pass pass) {
    WeightSlices.addGradients(
        pass.compute(), dY, x, gradients.weight(), maps.order(), gradients.bias());
  }
}
