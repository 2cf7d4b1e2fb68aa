package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.Locale;
import org.lethe.compute.FlatVector;

/**
 * Step along the mean displacement of the workers in a round: the outer optimizer of DiLoCo (arXiv
 * 2311.08105), with Nesterov's momentum as PyTorch has it. With d = start - mean: m = momentum m +
 * d, parameters = start - rate (d + momentum m).
 *
 * @param rate above 0; with rate 1 and momentum 0 the parameters are the mean
 * @param momentum in [0, 1)
 */
public record OuterStep(double rate, double momentum) implements Serializable {
  /** The mean itself. */
  public static final OuterStep MEAN = new OuterStep(1, 0);

  public OuterStep {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid outer rate: %s, expected above 0", rate));
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid outer momentum: %s, expected in [0, 1)", momentum));
    }
  }

  /** Whether the step leads to the mean, so that it need not be taken. */
  boolean isMean() {
    return equals(MEAN);
  }

  /** Whether the driver takes the step, which then has a momentum to keep. */
  public boolean isOnDriver() {
    return momentum > 0;
  }

  /** Whether each worker takes the step on its own: without momentum, their mean is the same. */
  public boolean isOnWorkers() {
    return momentum == 0 && rate != 1;
  }

  /** Stretches a worker's displacement in a round: end = start + rate (end - start). */
  void stretch(FlatVector start, FlatVector end) {
    end.math().axpby(1 - rate, start, rate, end);
  }

  /**
   * Takes the step on the driver.
   *
   * @param parameters at the start of the round; overwritten with the result
   * @param mean of the workers' parameters; overwritten
   * @param velocity m before the step; overwritten with m after it
   */
  void apply(FlatVector parameters, FlatVector mean, FlatVector velocity) {
    mean.math().axpby(1, parameters, -1, mean);
    velocity.math().axpby(1, mean, momentum, velocity);
    parameters.math().addScaled(-rate, mean, parameters);
    parameters.math().addScaled(-rate * momentum, velocity, parameters);
  }
}
