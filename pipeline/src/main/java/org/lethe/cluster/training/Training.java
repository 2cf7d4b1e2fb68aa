package org.lethe.cluster.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.training.filter.SharedFilter;
import org.lethe.cluster.transport.LostRoundException;
import org.lethe.cluster.transport.Recipients;
import org.lethe.cluster.transport.RoundTransport;
import org.lethe.cluster.transport.Transports;
import org.lethe.compute.FlatVector;
import org.lethe.direction.Combination;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.error.ClusterErrors;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.model.ParameterLayout;
import org.lethe.objective.LossSum;
import org.lethe.run.PhaseHook;
import org.lethe.spark.SparkJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains in rounds on Spark. */
public final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final TrainingSettings settings;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final ParameterLayout layout;
  private final Checkpoints checkpoints;
  private final Transports transports;
  private final Optional<RoundMonitor> monitor;
  private String lastGood = "the initial model";
  private double checkpointSeconds;

  private Training(
      JavaSparkContext spark,
      TrainingPlan plan,
      Broadcast<SerializableConfiguration> hadoop,
      ParameterLayout layout,
      Checkpoints checkpoints,
      String fingerprint) {
    this.spark = spark;
    this.plan = plan;
    this.settings = plan.settings();
    this.hadoop = hadoop;
    this.layout = layout;
    this.checkpoints = checkpoints;
    transports = new Transports(spark, plan.workers());
    monitor =
        plan.monitor()
            .map(
                monitored ->
                    new RoundMonitor(
                        spark,
                        plan,
                        monitored,
                        hadoop,
                        checkpoints,
                        fingerprint,
                        this::loadInitial));
  }

  /**
   * Runs the remaining rounds, starting from the newest checkpoint, and returns the state after the
   * last round. If all rounds are complete, returns that state without computing.
   *
   * @throws LetheException DIVERGED if a contribution holds NaN or an infinity; NO_EFFECT if no
   *     parameter changed; INPUT if there is nothing to train on or a checkpoint is damaged;
   *     CONFLICT if the checkpoints belong to another training
   */
  public static TrainingResult run(
      JavaSparkContext spark, TrainingPlan plan, TrainingListener listener) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      return SparkJob.run(spark, "training", () -> start(spark, plan, hadoop, listener));
    } finally {
      hadoop.destroy();
    }
  }

  private static TrainingResult start(
      JavaSparkContext spark,
      TrainingPlan plan,
      Broadcast<SerializableConfiguration> hadoop,
      TrainingListener listener) {
    TrainingSettings settings = plan.settings();
    String fingerprint = Fingerprint.of(plan, spark.hadoopConfiguration());
    Checkpoints checkpoints = new Checkpoints(plan.directory(), fingerprint);
    RoundState initial;
    Training training;
    try (ResidentModel.Lease lease =
        ResidentModel.leaseInitial(plan.model(), spark.hadoopConfiguration())) {
      FlatVector parameters = lease.decoder().parameters();
      initial =
          new RoundState(
              0,
              0,
              parameters.math().copyOf(parameters),
              settings.moments() == Moments.LOCAL
                  ? new OptimizerState(Map.of())
                  : settings.optimizer().newState(parameters),
              1,
              settings.direction().dualVariable(),
              settings.outerStep().isOnDriver()
                  ? Optional.of(parameters.math().zeros(parameters.length()))
                  : Optional.empty());
      training =
          new Training(spark, plan, hadoop, lease.decoder().layout(), checkpoints, fingerprint);
      lease.done(ResidentModel.Parameters.INITIAL);
    }
    String initialDigest = Fingerprint.of(initial.parameters());
    List<String> references =
        settings.usesReference()
            ? new ReferencePass(plan.directory(), fingerprint)
                .files(spark, plan, initial.parameters(), hadoop, listener)
            : List.of();
    training.monitor.ifPresent(monitor -> monitor.begin(initial.parameters()));
    RoundState state =
        checkpoints.newest().map(found -> training.resume(found, initial)).orElse(initial);
    TrainingResult result = training.rounds(state, initial, references, listener);
    if (Fingerprint.of(result.state().parameters()).equals(initialDigest)) {
      throw RunErrors.noEffect("all parameters are those of the initial model");
    }
    return result;
  }

  /** Runs the rounds after a state, and repeats those that the workers lost. */
  private TrainingResult rounds(
      RoundState first, RoundState initial, List<String> references, TrainingListener listener) {
    MetricsLog log = new MetricsLog(plan.directory(), first.round());
    monitor.ifPresent(m -> m.resume(first.round()));
    listener.started(first.round(), settings.rounds());
    RoundState state = first;
    try (RoundBuffers buffers = RoundBuffers.of(settings, state)) {
      while (state.round() < settings.rounds() && !ended()) {
        try {
          state = round(state, references, buffers, log, listener);
        } catch (LostRoundException e) {
          LOG.warn("Round {} was lost and is repeated: {}", state.round() + 1, e.getMessage());
          transports.lost();
          state =
              checkpoints
                  .newest()
                  .map(found -> resume(found, initial))
                  .orElseGet(() -> reload(initial));
          log = new MetricsLog(plan.directory(), state.round());
          int completed = state.round();
          monitor.ifPresent(m -> m.resume(completed));
        }
      }
    }
    RoundState last = state;
    Optional<StopOutcome> outcome = monitor.map(m -> m.finish(last));
    outcome.ifPresent(listener::stopped);
    return new TrainingResult(last, first.round(), log.lines(), outcome);
  }

  private boolean ended() {
    return monitor.map(RoundMonitor::ended).orElse(false);
  }

  private void loadInitial(FlatVector into) {
    try (ResidentModel.Lease lease =
        ResidentModel.leaseInitial(plan.model(), spark.hadoopConfiguration())) {
      FlatVector parameters = lease.decoder().parameters();
      parameters.math().copy(parameters, into);
      lease.done(ResidentModel.Parameters.INITIAL);
    }
  }

  /** Overwrites the vectors of the initial state with their first values. */
  private RoundState reload(RoundState initial) {
    loadInitial(initial.parameters());
    initial.optimizer().clear();
    initial.velocity().ifPresent(velocity -> velocity.math().fill(0, velocity));
    return initial;
  }

  private RoundState resume(Checkpoints.Found found, RoundState into) {
    lastGood = found.folder().toString();
    RoundState state = checkpoints.read(found, into);
    LOG.info("Resumed from {}", found.folder());
    return state;
  }

  private RoundState round(
      RoundState state,
      List<String> references,
      RoundBuffers buffers,
      MetricsLog log,
      TrainingListener listener) {
    try (RateProbe probe = RateProbe.before(spark, plan, hadoop, state)) {
      return round(state, references, buffers, probe, log, listener);
    }
  }

  private RoundState round(
      RoundState state,
      List<String> references,
      RoundBuffers buffers,
      RateProbe probe,
      MetricsLog log,
      TrainingListener listener) {
    long start = System.nanoTime();
    PhaseHook.reached("round:start");
    int number = state.round() + 1;
    spark.setJobDescription("Lethe: round " + number + " of " + settings.rounds());
    List<WorkerReport> reports;
    try (RoundTransport<WorkerReport> transport =
        transports.open(buffers.sent(), recipients(number))) {
      WorkerTask task =
          new WorkerTask(
              settings,
              plan.model(),
              plan.shards(),
              references,
              state.round(),
              state.step(),
              state.rateFactor(),
              state.dualVariable(),
              hadoop);
      reports = transport.runWorkers(task, settings.averaging().reduction(), buffers.received());
      check(number, reports);
      transport.fetch(buffers.received());
    }
    PhaseHook.reached("round:aggregated");
    RoundSummary summary = new RoundSummary(reports);
    if (settings.averaging() == Averaging.GRADIENTS) {
      summary = step(number, state, buffers, summary);
    }
    buffers
        .mean()
        .ifPresent(
            mean ->
                settings
                    .outerStep()
                    .apply(state.parameters(), mean, state.velocity().orElseThrow()));
    RoundState next = state.after(1, settings.stepsPerRound(), summary.dualVariable());
    double seconds = (System.nanoTime() - start) * 1e-9;
    RoundState corrected = probe.corrected(next, summary.retainAtStart());
    double monitorSeconds = monitor.map(m -> m.afterRound(corrected)).orElse(0.0);
    monitor.ifPresent(m -> listener.monitored(m.history()));
    RoundMetrics metrics =
        summary.metrics(
            next, rate(state, next.step() - 1), seconds, checkpointSeconds, monitorSeconds);
    // Log before the checkpoint: a resumed run drops lines that are too new, but cannot write
    // missing ones.
    log.add(metrics);
    checkpoint(corrected);
    listener.roundFinished(metrics, settings.rounds());
    return corrected;
  }

  private void check(int number, List<WorkerReport> reports) {
    for (WorkerReport report : reports) {
      if (!report.isFinite()) {
        throw ClusterErrors.notFinite(number, report.worker(), report.notFinite(), lastGood);
      }
    }
    if (reports.stream().allMatch(report -> report.weight() == 0)) {
      throw ClusterErrors.noWorkerCanTrain(reports.size());
    }
  }

  /** Takes the one step of a round with averaged gradients. */
  private RoundSummary step(
      int number, RoundState state, RoundBuffers buffers, RoundSummary summary) {
    buffers
        .forget()
        .ifPresent(
            sum ->
                settings
                    .forgetPoint()
                    .filter()
                    .ifPresent(
                        filter -> SharedFilter.apply(spark, filter, layout, sum, plan.workers())));
    Direction rule = settings.direction().withDualVariable(state.dualVariable());
    Combination direction =
        rule.combine(
            new LossGradients(
                buffers.forget().map(sum -> gradient(sum, summary.forget(), "forget")),
                buffers.retain().map(sum -> gradient(sum, summary.retain(), "retain")),
                layout,
                settings
                    .optimizer()
                    .metric(state.optimizer(), state.step(), settings.maximumNorm())));
    if (!direction.figures().isFinite()) {
      throw ClusterErrors.notFiniteAverage(number, firstNotFinite(buffers.received()), lastGood);
    }
    settings
        .optimizer()
        .step(
            state.parameters(),
            direction.clipped(settings.maximumNorm()),
            state.optimizer(),
            state.step(),
            rate(state, state.step()));
    OptionalLong index = state.parameters().math().firstNonFinite(state.parameters());
    if (index.isPresent()) {
      throw ClusterErrors.notFiniteAverage(number, tensorAt(index.getAsLong()), lastGood);
    }
    return summary.with(
        direction, rule.after(state.step(), summary.retain().mean()).dualVariable());
  }

  private double rate(RoundState state, long step) {
    return state.rateFactor() * settings.rate(step);
  }

  private LossGradient gradient(FlatVector sum, LossSum loss, String set) {
    if (loss.count() == 0) {
      throw ClusterErrors.nothingToTrainOn(plan.workers(), set);
    }
    return new LossGradient(sum, 1.0 / loss.count());
  }

  private String firstNotFinite(List<FlatVector> vectors) {
    return vectors.stream()
        .map(vector -> vector.math().firstNonFinite(vector))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .map(index -> tensorAt(index.getAsLong()))
        .orElse("the squared norms");
  }

  private String tensorAt(long index) {
    return "tensor " + layout.at(index).name();
  }

  private boolean isCheckpoint(int round) {
    return round % settings.checkpointEvery() == 0 || round == settings.rounds();
  }

  /** Who needs the combined vectors of a round. */
  private Recipients recipients(int round) {
    if (settings.averaging() == Averaging.GRADIENTS
        || settings.learningRate() instanceof LearningRate.Automatic
        || !settings.outerStep().isMean()
        || monitor.isPresent()) {
      return Recipients.DRIVER;
    }
    return isCheckpoint(round) ? Recipients.DRIVER_AND_WORKERS : Recipients.WORKERS;
  }

  private void checkpoint(RoundState state) {
    checkpointSeconds = 0;
    if (isCheckpoint(state.round()) || ended()) {
      long start = System.nanoTime();
      checkpoints.write(state);
      lastGood = plan.directory().round(state.round()).toString();
      checkpointSeconds = (System.nanoTime() - start) * 1e-9;
    }
  }
}
