package org.lethe.direction;

import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.model.ParameterLayout;

/**
 * The gradients from which a direction is built.
 *
 * @param forget gradient of the forget loss; empty if the direction does not use it
 * @param retain gradient of the retain loss; empty if the direction does not use it
 * @param layout position of each tensor in the vectors, for rules that work by module
 * @param metric metric of the following step
 */
public record LossGradients(
    Optional<LossGradient> forget,
    Optional<LossGradient> retain,
    ParameterLayout layout,
    Metric metric) {

  /** Gradients for an unspecified optimizer, with the Euclidean metric. */
  public LossGradients(
      Optional<LossGradient> forget, Optional<LossGradient> retain, ParameterLayout layout) {
    this(forget, retain, layout, Metric.EUCLIDEAN);
  }

  /**
   * The gradient of a mean loss, kept as the gradient of the sum.
   *
   * @param sum gradient of the summed loss, [P]; a direction may overwrite it
   * @param scale the gradient is scale * sum: one divided by the count
   */
  public record LossGradient(FlatVector sum, double scale) {}
}
