package org.lethe.cluster.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.training.LocalWork.Side;
import org.lethe.cluster.training.fold.Folds;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossInputs;
import org.lethe.objective.point.GradientPoint;
import org.lethe.text.Example;

/** One worker's local steps and batches without Spark, for the studies in benchmarks. */
public final class LocalSteps {
  private LocalSteps() {}

  /** Returns the examples of a shard as a worker reads them: in memory, or by row groups. */
  public static List<Example> examples(String shard, Configuration hadoop) {
    return ShardCache.examples(List.of(shard), hadoop);
  }

  /** Returns the batches of worker 0 by number; the set is "forget" or "retain". */
  public static LongFunction<List<Example>> batches(
      List<Example> examples, String set, int batchSize, long seed) {
    return new Sampler(examples, set, batchSize, seed, 0)::batch;
  }

  /**
   * Trains the decoder in place for one round. The result is the same as that of a Spark run with
   * one worker.
   *
   * @param reference reference loss of each forget example, by id
   */
  public static void train(
      Decoder decoder,
      TrainingSettings training,
      List<Example> forget,
      List<Example> retain,
      Map<String, Double> reference) {
    train(decoder, training, forget, retain, reference, Optional.empty());
  }

  /**
   * As above, for losses that use the initial model.
   *
   * @param initial the model before training
   */
  public static void train(
      Decoder decoder,
      TrainingSettings training,
      List<Example> forget,
      List<Example> retain,
      Map<String, Double> reference,
      Optional<Decoder> initial) {
    train(decoder, training, forget, retain, LossInputs.of(reference::get, initial), initial);
  }

  /**
   * As above, for forget losses with other inputs.
   *
   * @param initial the model before training, for the retain loss
   */
  public static void train(
      Decoder decoder,
      TrainingSettings training,
      List<Example> forget,
      List<Example> retain,
      LossInputs inputs,
      Optional<Decoder> initial) {
    trainUntil(decoder, training, forget, retain, inputs, initial, () -> true);
  }

  /**
   * Trains rounds until one ends with the condition, or all are done.
   *
   * @param initial the model before training, for the retain loss
   * @param enough asked after each round
   * @return the number of rounds
   */
  public static int trainUntil(
      Decoder decoder,
      TrainingSettings training,
      List<Example> forget,
      List<Example> retain,
      LossInputs inputs,
      Optional<Decoder> initial,
      BooleanSupplier enough) {
    try (Gradients forgetGradients = decoder.newGradients();
        Gradients retainGradients = decoder.newGradients();
        OptimizerState moments = training.optimizer().newState(decoder.parameters())) {
      RoundState state =
          new RoundState(
              0, 0, decoder.parameters(), moments, 1, training.direction().dualVariable());
      Folds folds = training.folds();
      do {
        Side onForget =
            new Side(
                "forget",
                training.forgetLoss().objective(inputs),
                sampler(
                    training,
                    "forget",
                    folds.forgotten(forget, Example::id, state.round(), training.rounds())),
                forgetGradients,
                training.forgetPoint());
        Side onRetain =
            new Side(
                "retain",
                training.retainLoss().objective(initial),
                sampler(
                    training,
                    "retain",
                    folds.retained(
                        retain, () -> forget, Example::id, state.round(), training.rounds())),
                retainGradients,
                GradientPoint.PARAMETERS);
        WorkerReport report =
            new LocalWork(training, 0, decoder, Optional.of(onForget), Optional.of(onRetain))
                .run(state);
        if (!report.isFinite()) {
          throw new IllegalStateException("Not finite: " + report.notFinite());
        }
        state = state.after(1, training.localSteps(), report.dualVariable());
      } while (!enough.getAsBoolean() && state.round() < training.rounds());
      return state.round();
    }
  }

  private static Sampler sampler(TrainingSettings training, String set, List<Example> examples) {
    return new Sampler(examples, set, training.batchSize(), training.seed(), 0);
  }
}
