package org.lethe.reveal.search;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients of f = w . relu(W x + b) + c with respect to all parameters, one per row, in factored
 * form. The gradient of W is (active output weights) times x, that of b the active output weights,
 * that of w the activations, and that of c is 1.
 *
 * @param inputs x, [n, d]
 * @param active output weights of the active units, 0 for the others, [n, width]
 * @param activations relu(W x + b), [n, width]
 */
record GradientFeatures(INDArray inputs, INDArray active, INDArray activations) {

  long count() {
    return inputs.rows();
  }

  GradientFeatures row(int index) {
    return new GradientFeatures(
        inputs.getRow(index, true).dup(),
        active.getRow(index, true).dup(),
        activations.getRow(index, true).dup());
  }

  static GradientFeatures concatenate(List<GradientFeatures> parts) {
    return new GradientFeatures(
        Nd4j.vstack(parts.stream().map(GradientFeatures::inputs).toList()),
        Nd4j.vstack(parts.stream().map(GradientFeatures::active).toList()),
        Nd4j.vstack(parts.stream().map(GradientFeatures::activations).toList()));
  }

  /**
   * Computes the inner products of these gradients and others, which may belong to another network
   * of the same shape: (x . y + 1) (active . active') + h . h' + 1, with h the activations.
   *
   * @return [n, others]
   */
  INDArray products(GradientFeatures others) {
    return inputs
        .mmul(others.inputs.transpose())
        .addi(1)
        .muli(active.mmul(others.active.transpose()))
        .addi(activations.mmul(others.activations.transpose()))
        .addi(1);
  }

  /** Computes the squared norms of the gradients, [n]. */
  INDArray squaredNorms() {
    return squares(inputs)
        .sum(1)
        .addi(1)
        .muli(squares(active).sum(1))
        .addi(squares(activations).sum(1))
        .addi(1);
  }

  static INDArray squares(INDArray values) {
    return values.mul(values);
  }
}
