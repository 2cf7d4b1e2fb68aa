package org.lethe.cluster.training;

import java.util.List;
import java.util.Optional;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.run.RunDirectory;

/**
 * A training: model, data, settings and output.
 *
 * @param model model to train
 * @param shards shards of each worker
 * @param settings losses, direction, optimizer and sizes
 * @param directory directory for rounds, reference losses and metrics
 * @param monitor what ends the training before its last round; empty if nothing does
 */
public record TrainingPlan(
    DecoderSource model,
    List<WorkerShards> shards,
    TrainingSettings settings,
    RunDirectory directory,
    Optional<MonitorPlan> monitor) {
  /** A training that takes all its rounds. */
  public TrainingPlan(
      DecoderSource model,
      List<WorkerShards> shards,
      TrainingSettings settings,
      RunDirectory directory) {
    this(model, shards, settings, directory, Optional.empty());
  }

  public TrainingPlan {
    shards = List.copyOf(shards);
    if (shards.isEmpty()) {
      throw new IllegalArgumentException("Invalid plan: no workers");
    }
  }

  /** Number of workers W. */
  public int workers() {
    return shards.size();
  }
}
