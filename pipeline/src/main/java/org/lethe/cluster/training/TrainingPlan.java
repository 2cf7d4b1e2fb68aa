package org.lethe.cluster.training;

import java.util.List;
import org.lethe.cluster.DecoderSource;
import org.lethe.run.RunDirectory;

/**
 * One training.
 *
 * @param model what is trained
 * @param shards one entry per worker
 * @param settings how
 * @param directory where rounds, reference losses and metrics are kept
 */
public record TrainingPlan(
    DecoderSource model,
    List<WorkerShards> shards,
    TrainingSettings settings,
    RunDirectory directory) {
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
