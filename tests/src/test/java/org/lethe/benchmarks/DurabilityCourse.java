package org.lethe.benchmarks;

import java.util.Map;
import java.util.Optional;
import org.lethe.benchmarks.DurabilityMethods.Course;
import org.lethe.benchmarks.DurabilityMethods.Method;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Sgd;
import org.lethe.model.Decoder;
import org.lethe.objective.LossInputs;
import org.lethe.text.Example;

/**
 * Unlearns until the forget rows are known as little as by a model that never saw them, for {@link
 * DurabilityStudy}. If a check finds them known less than that, the way back to the check before is
 * halved and the nearest of these points is the result, as {@code lethe.unlearn.stop} does.
 *
 * @param initial the model before
 * @param unknown probability of the forget rows under the model that never saw them
 */
record DurabilityCourse(StudyBench bench, Decoder initial, double unknown) {
  /** Largest difference from {@code unknown} that counts as equal, as in conf/erase.conf. */
  static final double MARGIN = 0.02;

  private static final int DOUBLINGS = 28;
  private static final int HALVINGS = 4;

  /**
   * Changes the decoder.
   *
   * @return the number of steps that it took
   */
  int follow(Decoder decoder, Method method, long seed) {
    VectorMath math = decoder.parameters().math();
    try (FlatVector known = math.copyOf(decoder.parameters())) {
      int steps =
          method.course() == Course.LINE
              ? line(decoder, method, seed, known)
              : steps(decoder, method, seed, known);
      if (belief(decoder) < unknown) {
        halve(decoder, known);
      }
      return steps;
    }
  }

  /** Leaves the last point at which the rows are known in {@code known}. */
  private int steps(Decoder decoder, Method method, long seed, FlatVector known) {
    int every = bench.integer("every", 2);
    int batch = bench.integer("batch", 4);
    TrainingSettings training =
        new TrainingSettings(
                method.forget(),
                method.retain(),
                method.direction(),
                new AdamW(0.9, 0.999, 1e-8, 0),
                new LearningRate.Constant(method.rate(), 0),
                1,
                Averaging.PARAMETERS,
                bench.integer("steps", 10) / every,
                every,
                batch,
                batch,
                1,
                seed)
            .with(method.point())
            .with(method.folds());
    int rounds =
        LocalSteps.trainUntil(
            decoder,
            training,
            bench.forget(),
            bench.retain(),
            inputs(),
            Optional.of(initial),
            () -> isForgotten(decoder) || !kept(decoder, known));
    return rounds * every;
  }

  private static boolean kept(Decoder decoder, FlatVector known) {
    known.math().copy(decoder.parameters(), known);
    return true;
  }

  /** Takes one step of gradient descent, and doubles it until the rows are forgotten. */
  private int line(Decoder decoder, Method method, long seed, FlatVector known) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    int all = bench.forget().size();
    TrainingSettings training =
        new TrainingSettings(
                method.forget(),
                method.retain(),
                method.direction(),
                new Sgd(0, 0),
                new LearningRate.Constant(method.rate(), 0),
                Double.POSITIVE_INFINITY,
                Averaging.PARAMETERS,
                1,
                1,
                all,
                bench.integer("batch", 4),
                1,
                seed)
            .with(method.point());
    LocalSteps.train(
        decoder, training, bench.forget(), bench.retain(), inputs(), Optional.of(initial));
    try (FlatVector step = math.copyOf(parameters)) {
      math.axpby(-1, known, 1, step);
      double way = 1;
      for (int i = 0; i < DOUBLINGS && !isForgotten(decoder); i++) {
        kept(decoder, known);
        math.addScaled(way, step, parameters);
        way *= 2;
      }
    }
    return 1;
  }

  /** Goes to the point between {@code known} and the decoder whose forget rows are nearest. */
  private void halve(Decoder decoder, FlatVector known) {
    FlatVector parameters = decoder.parameters();
    VectorMath math = parameters.math();
    try (FlatVector end = math.copyOf(parameters)) {
      double nearest = 1;
      double least = unknown - belief(decoder);
      double near = 0;
      double far = 1;
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (near + far) / 2;
        go(known, end, middle, parameters);
        double above = belief(decoder) - unknown;
        if (Math.abs(above) < least) {
          least = Math.abs(above);
          nearest = middle;
        }
        if (above > 0) {
          near = middle;
        } else {
          far = middle;
        }
      }
      go(known, end, nearest, parameters);
    }
  }

  private static void go(FlatVector from, FlatVector to, double share, FlatVector parameters) {
    VectorMath math = parameters.math();
    math.copy(from, parameters);
    math.axpby(share, to, 1 - share, parameters);
  }

  private boolean isForgotten(Decoder decoder) {
    return belief(decoder) <= unknown + MARGIN;
  }

  private double belief(Decoder decoder) {
    return DurabilityMeasures.belief(decoder, bench.forget());
  }

  private LossInputs inputs() {
    Map<String, Double> reference = bench.reference(initial);
    Map<String, Example> refusals = bench.refusals();
    return new LossInputs(
        reference::get,
        Optional.of(initial),
        example -> refusals.get(example.id()),
        id -> {
          throw new IllegalStateException("Not used");
        });
  }
}
