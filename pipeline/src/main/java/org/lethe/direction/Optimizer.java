package org.lethe.direction;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;

/** Moves the parameters against a direction, in one pass over all vectors. */
public sealed interface Optimizer extends Serializable permits AdamW, Sgd, ScoredOptimizer {
  /** Names of the vectors that the optimizer keeps between steps. */
  List<String> stateNames();

  /**
   * Performs one step, in place.
   *
   * @param parameters [P]
   * @param direction the direction to move against
   * @param state vectors of {@link #stateNames}, zero before the first step
   * @param step counted from 0
   * @param learningRate rate of this step
   */
  void step(
      FlatVector parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate);

  /**
   * Returns the inner product in which the next step descends.
   *
   * @param step counted from 0
   * @param maximumNorm norm to which directions are clipped
   */
  default Metric metric(OptimizerState state, long step, double maximumNorm) {
    return Metric.EUCLIDEAN;
  }

  /** Returns the state before the first step, in the memory of the parameters' backend. */
  default OptimizerState newState(FlatVector parameters) {
    return OptimizerState.zeros(stateNames(), parameters);
  }
}
