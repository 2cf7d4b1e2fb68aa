package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.WorkerReport.StepFigures;
import org.lethe.compute.FlatVector;
import org.lethe.direction.Combination;
import org.lethe.direction.Direction;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.ScoredOptimizer;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossInputs;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.ReferenceLosses;
import org.lethe.objective.point.GradientPoint;
import org.lethe.tensor.NativeBackend;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * One worker's part of a round, without Spark: local steps on the given state, or two summed
 * gradients.
 */
final class LocalWork {
  private final TrainingSettings settings;
  private final int worker;
  private final Decoder decoder;
  private final Optional<Side> forget;
  private final Optional<Side> retain;

  private StepFigures figures = StepFigures.NONE;
  private double dualVariable;
  private long tokens;

  /** A loss with its batches, gradient and totals. */
  static final class Side {
    private final Objective objective;
    private final Sampler sampler;
    private final Gradients gradients;
    private final GradientPoint point;
    private final String name;
    private LossSum batchLoss = LossSum.ZERO;
    private LossSum total = LossSum.ZERO;
    private Optional<LossSum> first = Optional.empty();
    private long examples;

    /**
     * Binds a loss to its batches and to the buffer of its gradient.
     *
     * @param name "forget" or "retain", for messages
     * @param point where the gradient is taken
     */
    Side(
        String name,
        Objective objective,
        Sampler sampler,
        Gradients gradients,
        GradientPoint point) {
      this.name = name;
      this.objective = objective;
      this.sampler = sampler;
      this.gradients = gradients;
      this.point = point;
    }

    FlatVector sum() {
      return gradients.flat();
    }

    private LossGradient gradient() {
      double scale = batchLoss.count() == 0 ? 0 : 1.0 / batchLoss.count();
      return new LossGradient(gradients.flat(), scale);
    }
  }

  /**
   * The losses of a worker's round, each with its batches and its gradient.
   *
   * @param forget the forget loss, if the direction uses it
   * @param retain the retain loss, if the direction uses it
   */
  record Sides(Optional<Side> forget, Optional<Side> retain) {
    /**
     * Binds the losses to a worker's shards and to the gradients of a model.
     *
     * @param references files with the initial model's losses, one per worker, if a loss uses them
     * @param index index of the worker
     * @param round completed rounds, which decide the stage of the folds
     */
    static Sides of(
        TrainingSettings settings,
        WorkerShards shards,
        List<String> references,
        int index,
        int round,
        ResidentModel.Lease lease,
        Configuration hadoop) {
      return new Sides(
          settings.direction().usesForget()
              ? Optional.of(forget(settings, shards, references, index, round, lease, hadoop))
              : Optional.empty(),
          settings.direction().usesRetain()
              ? Optional.of(retain(settings, shards, index, round, lease, hadoop))
              : Optional.empty());
    }

    private static Side forget(
        TrainingSettings settings,
        WorkerShards shards,
        List<String> references,
        int worker,
        int round,
        ResidentModel.Lease lease,
        Configuration hadoop) {
      ReferencePass.Tables reference =
          settings.usesReference()
              ? ReferencePass.read(references.get(worker), hadoop)
              : new ReferencePass.Tables(ReferenceLosses.NONE, ReferenceLosses.NONE);
      Optional<Decoder> initial =
          initial(settings, settings.forgetLoss().usesInitialModel(), lease);
      LossInputs inputs = LossInputs.of(reference.rows(), initial);
      List<Example> examples;
      if (settings.forgetLoss().usesAlternatives()) {
        AnswerPairs pairs = ShardCache.pairs(shards, hadoop);
        examples = settings.folds().forgotten(pairs.forget(), pairs::row, round, settings.rounds());
        inputs =
            new LossInputs(
                pairs.byPair(reference.rows()), initial, pairs, reference.alternatives());
      } else {
        examples =
            settings
                .folds()
                .forgotten(
                    ShardCache.examples(shards.forget(), hadoop),
                    Example::id,
                    round,
                    settings.rounds());
      }
      if (settings.forgetLoss().learnsWeights()) {
        inputs =
            inputs.with(
                lease.optimizerState(settings.optimizer()).vectors().get(ScoredOptimizer.SCORER));
      }
      return new Side(
          "forget",
          settings.forgetLoss().objective(inputs),
          new Sampler(examples, "forget", settings.batchSize(), settings.seed(), worker),
          lease.forgetGradients(),
          settings.forgetPoint());
    }

    private static Side retain(
        TrainingSettings settings,
        WorkerShards shards,
        int worker,
        int round,
        ResidentModel.Lease lease,
        Configuration hadoop) {
      return new Side(
          "retain",
          settings
              .retainLoss()
              .objective(initial(settings, settings.retainLoss().usesInitialModel(), lease)),
          new Sampler(
              settings
                  .folds()
                  .retained(
                      ShardCache.examples(shards.retain(), hadoop),
                      () -> ShardCache.examples(shards.forget(), hadoop),
                      Example::id,
                      round,
                      settings.rounds()),
              "retain",
              settings.batchSize(),
              settings.seed(),
              worker),
          lease.retainGradients(),
          GradientPoint.PARAMETERS);
    }

    private static Optional<Decoder> initial(
        TrainingSettings settings, boolean used, ResidentModel.Lease lease) {
      return used ? Optional.of(lease.initial(settings.initialBlocks())) : Optional.empty();
    }
  }

  LocalWork(
      TrainingSettings settings,
      int worker,
      Decoder decoder,
      Optional<Side> forget,
      Optional<Side> retain) {
    this.settings = settings;
    this.worker = worker;
    this.decoder = decoder;
    this.forget = forget;
    this.retain = retain;
  }

  /** Trains from the state. Its vectors belong to the decoder and change in place. */
  WorkerReport run(RoundState state) {
    boolean steps = settings.averaging() == Averaging.PARAMETERS;
    // A local step needs every loss. A summed gradient may be missing: another worker has it.
    if (steps ? isAnyEmpty() : isAllEmpty()) {
      return WorkerReport.idle(worker);
    }
    long start = System.currentTimeMillis();
    return report(start, notFinite(state));
  }

  private Optional<String> notFinite(RoundState state) {
    try {
      if (settings.averaging() == Averaging.GRADIENTS) {
        return summedGradients(state);
      }
      return settings.outerStep().isOnWorkers() ? stretchedSteps(state) : localSteps(state);
    } catch (LetheException e) {
      if (e.exitClass() != ExitClass.DIVERGED) {
        throw e;
      }
      // A retry would fail again, so the driver rejects the contribution by name.
      return Optional.of("a loss (" + e.getMessage() + ")");
    }
  }

  private boolean isAnyEmpty() {
    return forget.filter(side -> side.sampler.isEmpty()).isPresent()
        || retain.filter(side -> side.sampler.isEmpty()).isPresent();
  }

  private boolean isAllEmpty() {
    return forget.filter(side -> !side.sampler.isEmpty()).isEmpty()
        && retain.filter(side -> !side.sampler.isEmpty()).isEmpty();
  }

  private Optional<String> stretchedSteps(RoundState state) {
    FlatVector parameters = state.parameters();
    try (FlatVector start = parameters.math().copyOf(parameters)) {
      Optional<String> problem = localSteps(state);
      settings.outerStep().stretch(start, parameters);
      return problem;
    }
  }

  private Optional<String> localSteps(RoundState state) {
    Direction rule = settings.direction().withDualVariable(state.dualVariable());
    boolean fresh = settings.moments() == Moments.LOCAL;
    if (fresh) {
      state.optimizer().clear();
    }
    for (int h = 0; h < settings.localSteps(); h++) {
      long step = state.step() + h;
      long momentStep = fresh ? h : step;
      clear();
      accumulate((long) state.round() * settings.localSteps() + h);
      forget.ifPresent(
          side ->
              side.point
                  .filter()
                  .ifPresent(filter -> filter.apply(decoder.layout(), side.gradients.flat())));
      Combination direction =
          rule.combine(
              new LossGradients(
                  forget.map(Side::gradient),
                  retain.map(Side::gradient),
                  decoder.layout(),
                  settings
                      .optimizer()
                      .metric(state.optimizer(), momentStep, settings.maximumNorm())));
      if (!direction.figures().isFinite()) {
        return firstNotFinite();
      }
      figures =
          figures.plus(
              StepFigures.of(direction.figures(), direction.norm()), 1.0 / settings.localSteps());
      settings
          .optimizer()
          .step(
              state.parameters(),
              direction.clipped(settings.maximumNorm()),
              state.optimizer(),
              momentStep,
              state.rateFactor() * settings.rate(step));
      forget.ifPresent(side -> side.objective.stepEnded(step));
      rule = rule.after(step, retain.map(side -> side.batchLoss.mean()).orElse(0.0));
    }
    dualVariable = rule.dualVariable();
    for (FlatVector vector : state.vectors()) {
      OptionalLong index = vector.math().firstNonFinite(vector);
      if (index.isPresent()) {
        return Optional.of("the parameters or moments of " + tensorAt(index.getAsLong()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> summedGradients(RoundState state) {
    clear();
    for (int h = 0; h < settings.localSteps(); h++) {
      accumulate((long) state.round() * settings.localSteps() + h);
    }
    return firstNotFinite();
  }

  private void clear() {
    forget.ifPresent(side -> side.gradients.clear());
    retain.ifPresent(side -> side.gradients.clear());
    forget.ifPresent(side -> side.batchLoss = LossSum.ZERO);
    retain.ifPresent(side -> side.batchLoss = LossSum.ZERO);
  }

  private void accumulate(long number) {
    decoder.beginStep(settings.seed(), number);
    forget.ifPresent(side -> accumulate(side, number));
    retain.ifPresent(side -> accumulate(side, number));
  }

  private void accumulate(Side side, long number) {
    List<Example> batch = side.sampler.batch(number);
    List<Batch> parts = new ArrayList<>();
    for (int from = 0; from < batch.size(); from += settings.microBatchSize()) {
      parts.add(
          Batch.of(batch.subList(from, Math.min(batch.size(), from + settings.microBatchSize()))));
    }
    LossSum loss = side.point.accumulate(decoder, parts, side.objective, side.gradients);
    side.batchLoss = side.batchLoss.plus(loss);
    side.total = side.total.plus(loss);
    if (side.first.isEmpty()) {
      side.first = Optional.of(side.total);
    }
    side.examples += batch.size();
    tokens += batch.stream().mapToLong(example -> example.tokens().length).sum();
  }

  private Optional<String> firstNotFinite() {
    return firstNotFinite(forget).or(() -> firstNotFinite(retain));
  }

  private Optional<String> firstNotFinite(Optional<Side> side) {
    return side.flatMap(
        s -> {
          OptionalLong index = s.sum().math().firstNonFinite(s.sum());
          return index.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "the gradient of the " + s.name + " loss, " + tensorAt(index.getAsLong()));
        });
  }

  private String tensorAt(long index) {
    return "tensor " + decoder.layout().at(index).name();
  }

  private String arithmetic() {
    NativeBackend loaded = NativeBackend.loaded();
    return decoder.backend().products().map(loaded::computing).orElse(loaded).arithmetic();
  }

  private WorkerReport report(long start, Optional<String> notFinite) {
    long forgetExamples = forget.map(side -> side.examples).orElse(0L);
    long retainExamples = retain.map(side -> side.examples).orElse(0L);
    return new WorkerReport(
        worker,
        forgetExamples + retainExamples,
        forget.map(side -> side.total).orElse(LossSum.ZERO),
        retain.map(side -> side.total).orElse(LossSum.ZERO),
        retain.flatMap(side -> side.first).orElse(LossSum.ZERO),
        figures,
        dualVariable,
        forgetExamples,
        retainExamples,
        tokens,
        start,
        System.currentTimeMillis(),
        arithmetic(),
        notFinite.orElse(""));
  }
}
