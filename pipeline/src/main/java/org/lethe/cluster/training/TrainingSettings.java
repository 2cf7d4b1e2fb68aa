package org.lethe.cluster.training;

import java.io.Serializable;
import org.lethe.cluster.training.fold.Folds;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.direction.ScoredOptimizer;
import org.lethe.model.Adapter;
import org.lethe.model.DecoderMemory;
import org.lethe.model.architecture.Architecture;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.point.GradientPoint;

/**
 * Settings of a training.
 *
 * @param forgetLoss forget loss, computed if the direction uses it
 * @param retainLoss retain loss, computed if the direction uses it
 * @param direction rule that combines both gradients
 * @param optimizer rule that turns a direction into a step
 * @param learningRate learning rate over the steps of the whole training
 * @param maximumNorm maximum norm of the applied direction, or infinity for no clipping
 * @param averaging vectors that workers send
 * @param rounds number of rounds; each is a Spark job
 * @param localSteps optimizer steps of a worker per round. With {@link Averaging#GRADIENTS},
 *     batches whose gradients a worker sums for the one step
 * @param batchSize examples of each set per worker and local step
 * @param microBatchSize examples that pass through the network together, at most the batch size
 * @param checkpointEvery rounds between checkpoints; the last round is always saved
 * @param seed seed of batch order and dropout
 * @param outerStep step after each round; only the mean with {@link Averaging#GRADIENTS}
 * @param moments the optimizer's vectors between rounds; only averaged ones with {@link
 *     Averaging#GRADIENTS}
 * @param forgetPoint parameters at which the forget gradient is taken
 * @param folds folds of the forget rows, unlearned in stages; at least one round for each
 */
public record TrainingSettings(
    ForgetLoss forgetLoss,
    RetainLoss retainLoss,
    Direction direction,
    Optimizer optimizer,
    LearningRate learningRate,
    double maximumNorm,
    Averaging averaging,
    int rounds,
    int localSteps,
    int batchSize,
    int microBatchSize,
    int checkpointEvery,
    long seed,
    OuterStep outerStep,
    Moments moments,
    GradientPoint forgetPoint,
    Folds folds)
    implements Serializable {

  /** Settings whose rounds end with the workers' mean of all vectors. */
  public TrainingSettings(
      ForgetLoss forgetLoss,
      RetainLoss retainLoss,
      Direction direction,
      Optimizer optimizer,
      LearningRate learningRate,
      double maximumNorm,
      Averaging averaging,
      int rounds,
      int localSteps,
      int batchSize,
      int microBatchSize,
      int checkpointEvery,
      long seed) {
    this(
        forgetLoss,
        retainLoss,
        direction,
        optimizer,
        learningRate,
        maximumNorm,
        averaging,
        rounds,
        localSteps,
        batchSize,
        microBatchSize,
        checkpointEvery,
        seed,
        OuterStep.MEAN,
        Moments.AVERAGED,
        GradientPoint.PARAMETERS,
        Folds.ONE);
  }

  public TrainingSettings {
    requirePositive("rounds", rounds);
    requirePositive("local steps", localSteps);
    requirePositive("batch size", batchSize);
    requirePositive("micro-batch size", microBatchSize);
    requirePositive("checkpoint interval", checkpointEvery);
    if (microBatchSize > batchSize) {
      throw new IllegalArgumentException(
          "Invalid micro-batch size: " + microBatchSize + ", expected at most " + batchSize);
    }
    if (learningRate instanceof LearningRate.Automatic && !direction.usesRetain()) {
      throw new IllegalArgumentException(
          "Invalid learning rate: automatic, expected a direction with a retain loss to probe");
    }
    if (forgetLoss.learnsWeights() && !(optimizer instanceof ScoredOptimizer)) {
      optimizer = new ScoredOptimizer(optimizer);
    }
    if (forgetLoss.learnsWeights()
        && (averaging == Averaging.GRADIENTS || moments == Moments.LOCAL)) {
      throw new IllegalArgumentException(
          "Invalid token weights: learned, expected averaged parameters and moments, because each"
              + " worker trains the scorer");
    }
    if (averaging == Averaging.GRADIENTS && !outerStep.isMean()) {
      throw new IllegalArgumentException(
          "Invalid outer step: " + outerStep + ", expected none with averaged gradients");
    }
    if (averaging == Averaging.GRADIENTS && moments == Moments.LOCAL) {
      throw new IllegalArgumentException(
          "Invalid moments: local, expected averaged with averaged gradients, whose one step is the"
              + " driver's");
    }
    if (folds.count() > rounds) {
      throw new IllegalArgumentException(
          "Invalid folds: "
              + folds.count()
              + ", expected at most one for each of "
              + rounds
              + " rounds");
    }
    if (!(maximumNorm > 0)) {
      throw new IllegalArgumentException(
          "Invalid maximum norm: " + maximumNorm + ", expected above 0");
    }
  }

  /** The same settings with another retain loss. */
  public TrainingSettings with(RetainLoss other) {
    return with(other, outerStep, moments, forgetPoint, folds);
  }

  /** The same settings with another step after each round. */
  public TrainingSettings with(OuterStep other) {
    return with(retainLoss, other, moments, forgetPoint, folds);
  }

  /** The same settings with other vectors of the optimizer between rounds. */
  public TrainingSettings with(Moments other) {
    return with(retainLoss, outerStep, other, forgetPoint, folds);
  }

  /** The same settings with the forget gradient taken at another point. */
  public TrainingSettings with(GradientPoint other) {
    return with(retainLoss, outerStep, moments, other, folds);
  }

  /** The same settings with the forget rows in other folds. */
  public TrainingSettings with(Folds other) {
    return with(retainLoss, outerStep, moments, forgetPoint, other);
  }

  /** The same settings with another number of rounds. */
  public TrainingSettings withRounds(int number) {
    return new TrainingSettings(
        forgetLoss,
        retainLoss,
        direction,
        optimizer,
        learningRate,
        maximumNorm,
        averaging,
        number,
        localSteps,
        batchSize,
        microBatchSize,
        checkpointEvery,
        seed,
        outerStep,
        moments,
        forgetPoint,
        new Folds(Math.min(folds.count(), number)));
  }

  /** The same settings with fewer examples that pass through the network together. */
  public TrainingSettings withMicroBatch(int examples) {
    return new TrainingSettings(
        forgetLoss,
        retainLoss,
        direction,
        optimizer,
        learningRate,
        maximumNorm,
        averaging,
        rounds,
        localSteps,
        batchSize,
        examples,
        checkpointEvery,
        seed,
        outerStep,
        moments,
        forgetPoint,
        folds);
  }

  private TrainingSettings with(
      RetainLoss other, OuterStep outer, Moments between, GradientPoint point, Folds layers) {
    return new TrainingSettings(
        forgetLoss,
        other,
        direction,
        optimizer,
        learningRate,
        maximumNorm,
        averaging,
        rounds,
        localSteps,
        batchSize,
        microBatchSize,
        checkpointEvery,
        seed,
        outer,
        between,
        point,
        layers);
  }

  /** Describes everything that decides a result. What an older version lacked leaves no trace. */
  String identity() {
    String all = toString();
    if (folds.equals(Folds.ONE)) {
      all = all.replace(", folds=" + folds, "");
    }
    if (forgetPoint.equals(GradientPoint.PARAMETERS)) {
      all = all.replace(", forgetPoint=" + forgetPoint, "");
    }
    if (outerStep.isMean()) {
      all = all.replace(", outerStep=" + outerStep, "");
    }
    return moments == Moments.AVERAGED ? all.replace(", moments=" + moments, "") : all;
  }

  /** Weight of a worker's vectors in a round; 0 if it did not train or diverged. */
  double weight(WorkerReport report) {
    if (report.weight() == 0 || !report.isFinite()) {
      return 0;
    }
    return averaging == Averaging.PARAMETERS ? report.weight() : 1;
  }

  /** Number of optimizer steps in one round. */
  public int stepsPerRound() {
    return averaging == Averaging.PARAMETERS ? localSteps : 1;
  }

  /** Number of optimizer steps of the whole training. */
  public long totalSteps() {
    return (long) rounds * stepsPerRound();
  }

  /** Learning rate of a step, counted from 0. Every stage of the folds has the whole schedule. */
  double rate(long step) {
    int stage = folds.stage((int) (step / stepsPerRound()), rounds);
    long first = (long) folds.firstRound(stage, rounds) * stepsPerRound();
    long next = (long) folds.firstRound(stage + 1, rounds) * stepsPerRound();
    return learningRate.at(step - first, next - first);
  }

  /** Whether the initial model's sequence losses are needed before the first round. */
  boolean usesReference() {
    return direction.usesForget() && forgetLoss.usesReference();
  }

  /** Whether workers need the initial model next to the trained one. */
  public boolean usesInitialModel() {
    return (direction.usesForget() && forgetLoss.usesInitialModel())
        || (direction.usesRetain() && retainLoss.usesInitialModel());
  }

  /** Number of blocks of the initial model that workers need, from the first on, or 0. */
  public int initialBlocks() {
    if (direction.usesForget() && forgetLoss.usesInitialModel()) {
      return Integer.MAX_VALUE;
    }
    return direction.usesRetain() && retainLoss.usesInitialModel() ? retainLoss.blocks() : 0;
  }

  /**
   * Rejects losses of activations that this model does not have, or that no trained parameter
   * influences.
   *
   * @throws org.lethe.error.LetheException USAGE
   */
  public void check(Architecture architecture, Adapter adapter) {
    if (direction.usesForget()) {
      forgetPoint.check(adapter);
      DecoderMemory.checkDepth(architecture, adapter, forgetLoss.blocks());
    }
    if (direction.usesRetain()) {
      DecoderMemory.checkDepth(architecture, adapter, retainLoss.blocks());
    }
  }

  /** Number of blocks that any of the losses runs, from the first on. */
  public int blocks() {
    return Math.max(
        direction.usesForget() ? forgetLoss.blocks() : 0,
        direction.usesRetain() ? retainLoss.blocks() : 0);
  }

  /** Maximum number of sequences that pass through the network together. */
  public int sequences() {
    return microBatchSize * (direction.usesForget() ? forgetLoss.sequencesPerExample() : 1);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + ", expected at least 1");
    }
  }
}
