package org.lethe.objective;

import java.util.SplittableRandom;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.text.Batch;

/**
 * The forget loss of RMU, counted in sequences. Not safe for several threads.
 *
 * <p>The steering vector has D independent entries, uniform in [0, 1), divided by their norm and
 * multiplied by the coefficient.
 */
final class SteeringObjective implements Objective {
  private final HiddenPlace place;
  private final double coefficient;
  private final ActivationMeasure measure;
  private final long seed;

  SteeringObjective(HiddenPlace place, double coefficient, ActivationMeasure measure, long seed) {
    this.place = place;
    this.coefficient = coefficient;
    this.measure = measure;
    this.seed = seed;
  }

  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    try (Matrix steering = vector(decoder.architecture().hiddenSize(), decoder.backend())) {
      double sum =
          decoder.accumulateHidden(batch, place, new ActivationLoss(steering, measure), gradients);
      return new LossSum(sum, batch.size());
    }
  }

  /** Returns the vector, [1, D]. */
  private Matrix vector(int size, Backend backend) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[size];
    double norm = 0;
    for (int i = 0; i < size; i++) {
      values[i] = random.nextDouble();
      norm += values[i] * values[i];
    }
    for (int i = 0; i < size; i++) {
      values[i] = coefficient * values[i] / Math.sqrt(norm);
    }
    Matrix vector = backend.matrix(1, size);
    vector.upload(values);
    return vector;
  }
}
