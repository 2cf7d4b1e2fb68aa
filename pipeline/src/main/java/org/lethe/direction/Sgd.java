package org.lethe.direction;

import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.SgdStep;

/**
 * Gradient descent, with momentum if it is above 0: m = momentum m + d, p -= rate m (PyTorch's
 * convention, without dampening), and decoupled weight decay.
 *
 * @param momentum in [0, 1)
 * @param weightDecay share of a parameter subtracted per step and unit of learning rate
 */
public record Sgd(double momentum, double weightDecay) implements Optimizer {
  private static final String MOMENTUM = "momentum";

  public Sgd {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "Invalid momentum: " + momentum + ", expected 0 <= momentum < 1");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + weightDecay + ", expected 0 or more");
    }
  }

  @Override
  public List<String> stateNames() {
    return momentum > 0 ? List.of(MOMENTUM) : List.of();
  }

  @Override
  public void step(
      FlatVector parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate) {
    Optional<FlatVector> remembered =
        momentum > 0 ? Optional.of(state.vector(MOMENTUM)) : Optional.empty();
    parameters
        .math()
        .sgd(
            direction.terms(),
            parameters,
            remembered,
            new SgdStep(momentum, 1 - learningRate * weightDecay, learningRate));
  }
}
