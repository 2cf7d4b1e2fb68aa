package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.ResidentModel;
import org.lethe.compute.FlatVector;
import org.lethe.direction.LearningRate;
import org.lethe.direction.OptimizerState;
import org.lethe.error.ClusterErrors;
import org.lethe.model.Decoder;
import org.lethe.spark.SparkJob;

/**
 * The rounds of a training in one process: computes every worker's part in turn and averages. The
 * parameters are those of {@link Training} on Spark, to the bit.
 *
 * <p>Needs averaged parameters and a learning rate without probes. Holds the state, the state
 * before the last round and one copy of the vectors for each worker.
 */
public final class LocalTraining implements AutoCloseable {
  private static final String START = "the initial model";

  private final TrainingSettings settings;
  private final List<WorkerShards> shards;
  private final List<String> references;
  private final Configuration hadoop;
  private final ResidentModel.Lease lease;
  private final FlatVector before;
  private final Optional<FlatVector> mean;
  private RoundState state;

  /**
   * Starts with the initial model.
   *
   * @param references files with the initial model's losses, one per worker, if a loss uses them;
   *     see {@link #references}
   */
  public LocalTraining(
      TrainingSettings settings,
      DecoderSource source,
      List<WorkerShards> shards,
      List<String> references,
      Configuration hadoop) {
    requireLocal(settings);
    this.settings = settings;
    this.shards = List.copyOf(shards);
    this.references = List.copyOf(references);
    this.hadoop = hadoop;
    lease = ResidentModel.leaseInitial(source, hadoop);
    FlatVector parameters = lease.decoder().parameters();
    Optional<FlatVector> velocity =
        settings.outerStep().isMean()
            ? Optional.empty()
            : Optional.of(parameters.math().zeros(parameters.length()));
    state =
        new RoundState(
            0,
            0,
            parameters.math().copyOf(parameters),
            settings.moments() == Moments.LOCAL
                ? new OptimizerState(Map.of())
                : settings.optimizer().newState(parameters),
            1,
            settings.direction().dualVariable(),
            velocity);
    before = parameters.math().copyOf(parameters);
    mean = velocity.map(v -> v.math().zeros(v.length()));
  }

  /**
   * Returns the files with the initial model's losses, one per worker, below the plan's directory.
   * Computes them if they do not exist.
   */
  public static List<String> references(JavaSparkContext spark, TrainingPlan plan) {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try (FlatVector parameters =
        ResidentModel.initialParameters(plan.model(), spark.hadoopConfiguration())) {
      ReferencePass pass =
          new ReferencePass(plan.directory(), Fingerprint.of(plan, spark.hadoopConfiguration()));
      return SparkJob.run(
          spark,
          "initial losses",
          () -> pass.files(spark, plan, parameters, hadoop, TrainingListener.NONE));
    } finally {
      hadoop.destroy();
    }
  }

  /** Rejects settings whose rounds need the cluster. */
  public static void requireLocal(TrainingSettings settings) {
    if (!isLocal(settings)) {
      throw new IllegalArgumentException(
          "Invalid settings: " + settings.averaging() + ", expected averaged parameters");
    }
  }

  /** Whether one process can train with these settings. */
  public static boolean isLocal(TrainingSettings settings) {
    return settings.averaging() == Averaging.PARAMETERS
        && !(settings.learningRate() instanceof LearningRate.Automatic);
  }

  /** Completed rounds. */
  public int round() {
    return state.round();
  }

  /**
   * Trains one round.
   *
   * @throws org.lethe.error.LetheException DIVERGED if a number is NaN or infinite; INPUT if no
   *     worker has anything to train on
   */
  public void train() {
    before.math().copy(state.parameters(), before);
    List<WorkerReport> reports = new ArrayList<>();
    List<List<FlatVector>> versions = new ArrayList<>();
    try {
      for (int worker = 0; worker < shards.size(); worker++) {
        RoundState local = local();
        LocalWork.Sides sides =
            LocalWork.Sides.of(
                settings, shards.get(worker), references, worker, state.round(), lease, hadoop);
        WorkerReport report =
            new LocalWork(settings, worker, lease.decoder(), sides.forget(), sides.retain())
                .run(local);
        if (!report.isFinite()) {
          throw ClusterErrors.notFinite(state.round() + 1, worker, report.notFinite(), START);
        }
        reports.add(report);
        versions.add(
            local.exchanged(settings.moments()).stream().map(v -> v.math().copyOf(v)).toList());
      }
      average(reports, versions);
    } finally {
      versions.forEach(vectors -> vectors.forEach(FlatVector::close));
    }
    RoundSummary summary = new RoundSummary(reports);
    state = state.after(1, settings.stepsPerRound(), summary.dualVariable());
  }

  /** The leased model's own vectors, with the values of the state. */
  private RoundState local() {
    RoundState local =
        new RoundState(
            state.round(),
            state.step(),
            lease.decoder().parameters(),
            lease.optimizerState(settings.optimizer()),
            state.rateFactor(),
            state.dualVariable());
    List<FlatVector> from = state.exchanged(settings.moments());
    List<FlatVector> to = local.exchanged(settings.moments());
    for (int i = 0; i < from.size(); i++) {
      to.get(i).math().copy(from.get(i), to.get(i));
    }
    return local;
  }

  private void average(List<WorkerReport> reports, List<List<FlatVector>> versions) {
    double[] weights = reports.stream().mapToDouble(settings::weight).toArray();
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    if (total == 0) {
      throw ClusterErrors.noWorkerCanTrain(reports.size());
    }
    for (int w = 0; w < weights.length; w++) {
      weights[w] /= total;
    }
    List<FlatVector> results = new ArrayList<>(state.exchanged(settings.moments()));
    mean.ifPresent(vector -> results.set(0, vector));
    for (int i = 0; i < results.size(); i++) {
      int vector = i;
      results
          .get(i)
          .math()
          .weightedSum(versions.stream().map(v -> v.get(vector)).toList(), weights, results.get(i));
    }
    mean.ifPresent(
        vector ->
            settings.outerStep().apply(state.parameters(), vector, state.velocity().orElseThrow()));
  }

  /**
   * The model on the line from the state before the last round to the state after it. Valid until
   * the next call of a method.
   *
   * @param position from 0 to 1
   */
  public Decoder at(double position) {
    FlatVector shown = lease.decoder().parameters();
    shown.math().copy(state.parameters(), shown);
    if (position != 1) {
      shown.math().axpby(1 - position, before, position, shown);
    }
    return lease.decoder();
  }

  /** Number of examples that the rounds so far used, of both sets. */
  public static long examples(TrainingSettings settings, int rounds, int workers) {
    return 2L * rounds * settings.localSteps() * settings.batchSize() * workers;
  }

  @Override
  public void close() {
    state.close();
    before.close();
    mean.ifPresent(FlatVector::close);
    lease.done(ResidentModel.Parameters.CHANGED);
    lease.close();
  }
}
