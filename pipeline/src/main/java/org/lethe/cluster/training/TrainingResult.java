package org.lethe.cluster.training;

import java.util.List;
import java.util.Optional;
import org.lethe.evaluation.monitor.StopOutcome;

/**
 * Result of a training.
 *
 * @param state state after the last round; with stop rules, its parameters are those of the chosen
 *     point
 * @param resumedAt rounds that an earlier run had completed, or 0
 * @param metrics metrics of all rounds, including those of earlier runs
 * @param stop why the training ended and what it returns; empty without stop rules
 */
public record TrainingResult(
    RoundState state, int resumedAt, List<RoundMetrics> metrics, Optional<StopOutcome> stop) {
  public TrainingResult {
    metrics = List.copyOf(metrics);
  }
}
