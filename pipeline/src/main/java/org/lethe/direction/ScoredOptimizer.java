package org.lethe.direction;

import java.util.ArrayList;
import java.util.List;
import org.lethe.compute.FlatVector;

/**
 * An optimizer whose state also holds the scorer of token weights that are trained along. So the
 * scorer is averaged, sent and saved like a moment, and has the length of one.
 *
 * @param base moves the parameters
 */
public record ScoredOptimizer(Optimizer base) implements Optimizer {
  /** Name of the scorer's vector. */
  public static final String SCORER = "token_scorer";

  @Override
  public List<String> stateNames() {
    List<String> names = new ArrayList<>(base.stateNames());
    names.add(SCORER);
    return List.copyOf(names);
  }

  @Override
  public void step(
      FlatVector parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate) {
    base.step(parameters, direction, state, step, learningRate);
  }

  @Override
  public Metric metric(OptimizerState state, long step, double maximumNorm) {
    return base.metric(state, step, maximumNorm);
  }
}
