package org.lethe.cluster.training;

import java.io.Serializable;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.model.Adapter;
import org.lethe.model.DecoderConfig;
import org.lethe.model.DecoderMemory;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/**
 * How to train.
 *
 * @param forgetLoss computed if the direction uses it
 * @param retainLoss computed if the direction uses it
 * @param direction how both gradients become one
 * @param optimizer how a direction becomes a step
 * @param learningRate over the steps of the whole training
 * @param maximumNorm largest norm of the direction that is applied; infinite for no clipping
 * @param averaging what workers send
 * @param rounds Spark jobs
 * @param localSteps optimizer steps of a worker per round; with {@link Averaging#GRADIENTS},
 *     batches whose gradients a worker adds up for the one step
 * @param batchSize examples of each set per worker and local step
 * @param microBatchSize examples that go through the network at once, at most the batch size
 * @param checkpointEvery rounds between checkpoints; the last round is always kept
 * @param seed of batch order and dropout
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
    long seed)
    implements Serializable {

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
    if (!(maximumNorm > 0)) {
      throw new IllegalArgumentException(
          "Invalid maximum norm: " + maximumNorm + ", expected above 0");
    }
  }

  /** The same with another retain loss. */
  public TrainingSettings with(RetainLoss other) {
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
        seed);
  }

  /** Optimizer steps in one round. */
  public int stepsPerRound() {
    return averaging == Averaging.PARAMETERS ? localSteps : 1;
  }

  /** Optimizer steps of the whole training. */
  public long totalSteps() {
    return (long) rounds * stepsPerRound();
  }

  /** Whether the initial model's sequence losses have to be computed before the first round. */
  boolean usesReference() {
    return direction.usesForget() && forgetLoss.usesReference();
  }

  /** Whether workers need the initial model beside the trained one. */
  public boolean usesInitialModel() {
    return (direction.usesForget() && forgetLoss.usesInitialModel())
        || (direction.usesRetain() && retainLoss.usesInitialModel());
  }

  /** How many blocks of the initial model they need, from the first on; 0 for none. */
  public int initialBlocks() {
    if (direction.usesForget() && forgetLoss.usesInitialModel()) {
      return Integer.MAX_VALUE;
    }
    return direction.usesRetain() && retainLoss.usesInitialModel() ? retainLoss.blocks() : 0;
  }

  /**
   * Refuses losses of activations that this model does not have, or on which nothing trained has an
   * influence.
   *
   * @throws org.lethe.error.LetheException USAGE
   */
  public void check(DecoderConfig config, Adapter adapter) {
    if (direction.usesForget()) {
      DecoderMemory.checkDepth(config, adapter, forgetLoss.blocks());
    }
    if (direction.usesRetain()) {
      DecoderMemory.checkDepth(config, adapter, retainLoss.blocks());
    }
  }

  /** How many blocks all losses together run, from the first on. */
  public int blocks() {
    return Math.max(
        direction.usesForget() ? forgetLoss.blocks() : 0,
        direction.usesRetain() ? retainLoss.blocks() : 0);
  }

  /** Most sequences that go through the network at once. */
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
