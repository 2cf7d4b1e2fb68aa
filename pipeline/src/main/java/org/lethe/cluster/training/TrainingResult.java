package org.lethe.cluster.training;

import java.util.List;

/**
 * Result of a training.
 *
 * @param state state after the last round
 * @param resumedAt rounds that an earlier run had completed, or 0
 * @param metrics metrics of all rounds, including those of earlier runs
 */
public record TrainingResult(RoundState state, int resumedAt, List<RoundMetrics> metrics) {
  public TrainingResult {
    metrics = List.copyOf(metrics);
  }
}
