package org.lethe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleSupplier;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;

/** Slopes of a loss by central differences, for decoders in DOUBLE. */
public final class FiniteDifferences {
  private static final int PROBES = 16;

  private FiniteDifferences() {}

  /**
   * (f(x + step) - f(x - step)) / (2 step) with respect to one parameter. Restores its value.
   *
   * @param parameters that the loss depends on
   */
  public static double slope(FlatVector parameters, long index, double step, DoubleSupplier loss) {
    double value = Vectors.value(parameters, index);
    Vectors.set(parameters, index, value + step);
    double above = loss.getAsDouble();
    Vectors.set(parameters, index, value - step);
    double below = loss.getAsDouble();
    Vectors.set(parameters, index, value);
    return (above - below) / (2 * step);
  }

  /**
   * Compares a gradient with finite differences at parameters spread over the whole vector.
   *
   * @param tolerance relative to the norm of the gradient
   */
  public static void assertGradient(
      Decoder decoder, FlatVector gradient, double step, double tolerance, DoubleSupplier loss) {
    FlatVector parameters = decoder.parameters();
    double norm = Vectors.norm(gradient);
    for (long i = 3; i < parameters.length(); i += parameters.length() / PROBES) {
      assertThat(Vectors.value(gradient, i))
          .as("parameter %d", i)
          .isCloseTo(slope(parameters, i, step, loss), within(tolerance * norm));
    }
  }
}
