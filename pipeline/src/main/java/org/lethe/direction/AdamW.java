package org.lethe.direction;

import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.AdamWStep;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2) and bias
 * correction, in the order of operations of PyTorch's AdamW.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon term added to the root of the second moment, above 0
 * @param weightDecay share of a parameter subtracted per step and unit of learning rate
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";

  public AdamW {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "Invalid betas: " + beta1 + ", " + beta2 + ", expected 0 <= beta < 1");
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("Invalid epsilon: " + epsilon + ", expected above 0");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + weightDecay + ", expected 0 or more");
    }
  }

  @Override
  public List<String> stateNames() {
    return List.of(FIRST, SECOND);
  }

  @Override
  public Metric metric(OptimizerState state, long step, double maximumNorm) {
    // The metric does not depend on the rate.
    return new AdaptiveMetric(state.vector(SECOND), numbers(step, 0), maximumNorm);
  }

  private AdamWStep numbers(long step, double learningRate) {
    return new AdamWStep(
        beta1,
        beta2,
        epsilon,
        1 - learningRate * weightDecay,
        learningRate / (1 - Math.pow(beta1, step + 1.0)),
        Math.sqrt(1 - Math.pow(beta2, step + 1.0)));
  }

  @Override
  public void step(
      FlatVector parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate) {
    parameters
        .math()
        .adamW(
            direction.terms(),
            parameters,
            state.vector(FIRST),
            state.vector(SECOND),
            numbers(step, learningRate));
  }
}
