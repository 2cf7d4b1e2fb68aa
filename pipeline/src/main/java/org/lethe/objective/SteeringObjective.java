package org.lethe.objective;

import java.util.SplittableRandom;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.text.Batch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The forget loss of RMU, counted in sequences. It belongs to one thread.
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
    try (INDArray steering = vector(decoder.config().hiddenSize(), decoder.dataType())) {
      double sum =
          decoder.accumulateHidden(batch, place, new ActivationLoss(steering, measure), gradients);
      return new LossSum(sum, batch.size());
    }
  }

  /** [1, D]. */
  private INDArray vector(int size, DataType type) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[size];
    double norm = 0;
    for (int i = 0; i < size; i++) {
      values[i] = random.nextDouble();
      norm += values[i] * values[i];
    }
    INDArray vector = Nd4j.createUninitializedDetached(type, 1, size);
    for (int i = 0; i < size; i++) {
      vector.putScalar(i, coefficient * values[i] / Math.sqrt(norm));
    }
    return vector;
  }
}
