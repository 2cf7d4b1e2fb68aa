package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.transport.SentState;
import org.lethe.cluster.transport.StateHandle;
import org.lethe.compute.FlatVector;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Parabola;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.run.PhaseHook;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes an automatic learning rate in one round. Measures the retain loss at the end of the round
 * and at its mirror image behind the start. The loss at the start is known from the round's first
 * step, whose batches the probe reuses. The cost is two forward passes of a batch per worker.
 *
 * <p>The probe takes no step, so the optimizer's moments do not change. It follows the line of the
 * step that was applied, including momentum, clipping and weight decay. With several local steps,
 * or with averaged parameters of several workers, that line leads from the start of the round to
 * its end.
 *
 * <p>The probe depends only on the start and the end of the round, and its result is part of the
 * next state. So a resumed run probes like an uninterrupted one.
 */
final class RateProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RateProbe.class);

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** The parameters with which the round begins; empty if this round is not probed. */
  private final Optional<FlatVector> start;

  private RateProbe(
      JavaSparkContext spark,
      TrainingPlan plan,
      Broadcast<SerializableConfiguration> hadoop,
      Optional<FlatVector> start) {
    this.spark = spark;
    this.plan = plan;
    this.hadoop = hadoop;
    this.start = start;
  }

  /** Prepares the probe of a round. Copies its parameters if the round is to be probed. */
  static RateProbe before(
      JavaSparkContext spark,
      TrainingPlan plan,
      Broadcast<SerializableConfiguration> hadoop,
      RoundState state) {
    long next = state.step() + plan.settings().stepsPerRound();
    boolean due =
        plan.settings().learningRate() instanceof LearningRate.Automatic automatic
            && automatic.isDue(state.step(), next);
    return new RateProbe(
        spark,
        plan,
        hadoop,
        due ? Optional.of(state.parameters().math().copyOf(state.parameters())) : Optional.empty());
  }

  /**
   * Returns the state after the round with the corrected rate.
   *
   * @param next state after the round
   * @param here retain loss at the start of the round
   */
  RoundState corrected(RoundState next, LossSum here) {
    if (start.isEmpty()
        || !(plan.settings().learningRate() instanceof LearningRate.Automatic automatic)) {
      return next;
    }
    PhaseHook.reached("round:probe");
    FlatVector mirrored = start.get();
    mirrored.math().axpby(-1, next.parameters(), 2, mirrored);
    Parabola probe = parabola(next, mirrored, here);
    double factor = automatic.corrected(next.rateFactor(), probe);
    LOG.info(
        "Probe after round {}: retain loss {} behind, {} here, {} ahead; rate factor {} to {}",
        next.round(),
        probe.behind(),
        probe.here(),
        probe.ahead(),
        next.rateFactor(),
        factor);
    return next.withRateFactor(factor);
  }

  private Parabola parabola(RoundState next, FlatVector mirrored, LossSum here) {
    spark.setJobDescription("Lethe: probe after round " + next.round());
    try (SentState ahead = SentState.of(spark, List.of(next.parameters()));
        SentState behind = SentState.of(spark, List.of(mirrored))) {
      long batch = (long) (next.round() - 1) * plan.settings().localSteps();
      List<WorkerLosses> losses =
          spark
              .parallelize(IntStream.range(0, plan.workers()).boxed().toList(), plan.workers())
              .mapPartitions(new Task(plan, batch, behind, ahead, hadoop))
              .collect()
              .stream()
              .sorted(Comparator.comparingInt(WorkerLosses::worker))
              .toList();
      return new Parabola(
          losses.stream().map(WorkerLosses::behind).reduce(LossSum.ZERO, LossSum::plus).mean(),
          here.mean(),
          losses.stream().map(WorkerLosses::ahead).reduce(LossSum.ZERO, LossSum::plus).mean());
    }
  }

  @Override
  public void close() {
    start.ifPresent(FlatVector::close);
  }

  /** Result of a task. */
  private record WorkerLosses(int worker, LossSum behind, LossSum ahead) implements Serializable {}

  private record Task(
      DecoderSource source,
      List<WorkerShards> shards,
      TrainingSettings settings,
      long batch,
      StateHandle behind,
      StateHandle ahead,
      Broadcast<SerializableConfiguration> hadoop)
      implements FlatMapFunction<Iterator<Integer>, WorkerLosses> {

    Task(
        TrainingPlan plan,
        long batch,
        StateHandle behind,
        StateHandle ahead,
        Broadcast<SerializableConfiguration> hadoop) {
      this(plan.model(), plan.shards(), plan.settings(), batch, behind, ahead, hadoop);
    }

    @Override
    public Iterator<WorkerLosses> call(Iterator<Integer> workers) {
      int worker = workers.next();
      Configuration configuration = hadoop.value().value();
      Sampler sampler =
          new Sampler(
              ShardCache.examples(shards.get(worker).retain(), configuration),
              "retain",
              settings.batchSize(),
              settings.seed(),
              worker);
      if (sampler.isEmpty()) {
        return List.of(new WorkerLosses(worker, LossSum.ZERO, LossSum.ZERO)).iterator();
      }
      try (ResidentModel.Lease lease = ResidentModel.lease(source, configuration)) {
        List<Example> examples = sampler.batch(batch);
        WorkerLosses losses =
            new WorkerLosses(worker, loss(lease, behind, examples), loss(lease, ahead, examples));
        lease.done(ResidentModel.Parameters.CHANGED);
        return List.of(losses).iterator();
      }
    }

    private LossSum loss(ResidentModel.Lease lease, StateHandle point, List<Example> batch) {
      Decoder decoder = lease.decoder();
      point.writeTo(List.of(decoder.parameters()));
      // Same dropout as in the round.
      decoder.beginStep(settings.seed(), this.batch);
      LossSum sum = LossSum.ZERO;
      for (int from = 0; from < batch.size(); from += settings.microBatchSize()) {
        int to = Math.min(batch.size(), from + settings.microBatchSize());
        sum = sum.plus(loss(lease, Batch.of(batch.subList(from, to))));
      }
      return sum;
    }

    private LossSum loss(ResidentModel.Lease lease, Batch batch) {
      Decoder decoder = lease.decoder();
      if (settings.retainLoss() instanceof RetainLoss.NegativeLogLikelihood
          && !dropsOut(decoder.adapter())) {
        return new LossSum(decoder.forward(batch).total(), batch.completionTokens());
      }
      // Other losses come only with their gradient, which is not needed here.
      Objective objective =
          settings
              .retainLoss()
              .objective(
                  settings.retainLoss().usesInitialModel()
                      ? Optional.of(lease.initial(settings.initialBlocks()))
                      : Optional.empty());
      return objective.accumulate(decoder, batch, lease.retainGradients());
    }

    private static boolean dropsOut(Adapter adapter) {
      return adapter instanceof Adapter.Lora lora && lora.dropout() > 0;
    }
  }
}
