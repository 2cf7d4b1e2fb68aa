package org.lethe.benchmarks;

import java.util.Optional;
import org.lethe.benchmarks.DurabilityMethods.Method;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Sgd;
import org.lethe.model.Decoder;
import org.lethe.objective.LossInputs;

/**
 * The way of a method that computes one gradient and follows it, for {@link DurabilityStudy}.
 *
 * @param unknown loss of forget rows that are not known
 */
record DurabilityLine(StudyBench bench, Decoder decoder, double unknown) {
  private static final int DOUBLINGS = 28;
  private static final int HALVINGS = 3;

  /**
   * Takes one step of gradient descent, and goes on in its direction until the rows are forgotten:
   * doubles the way, then halves the last interval.
   *
   * @return the way, in steps
   */
  double follow(Method method, double rate, long seed, LossInputs inputs) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    try (FlatVector start = math.copyOf(parameters)) {
      int all = bench.forget().size();
      LocalSteps.train(
          decoder,
          new TrainingSettings(
                  method.forget(),
                  method.retain(),
                  method.direction(),
                  new Sgd(0, 0),
                  new LearningRate.Constant(rate, 0),
                  Double.POSITIVE_INFINITY,
                  Averaging.PARAMETERS,
                  1,
                  1,
                  all,
                  bench.integer("batch", 4),
                  1,
                  seed)
              .with(method.point()),
          bench.forget(),
          bench.retain(),
          inputs,
          Optional.empty());
      try (FlatVector step = math.copyOf(parameters)) {
        math.axpby(-1, start, 1, step);
        double near = 0;
        double far = 1;
        for (int i = 0; i < DOUBLINGS && !isForgotten(start, far, step); i++) {
          near = far;
          far *= 2;
        }
        for (int i = 0; i < HALVINGS; i++) {
          double middle = (near + far) / 2;
          if (isForgotten(start, middle, step)) {
            far = middle;
          } else {
            near = middle;
          }
        }
        isForgotten(start, far, step);
        return far;
      }
    }
  }

  private boolean isForgotten(FlatVector start, double way, FlatVector step) {
    FlatVector parameters = decoder.parameters();
    parameters.math().copy(start, parameters);
    parameters.math().axpby(way, step, 1, parameters);
    return DurabilityStudy.loss(decoder, bench.forget()) >= unknown;
  }
}
