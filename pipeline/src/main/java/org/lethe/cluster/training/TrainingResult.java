package org.lethe.cluster.training;

import java.util.List;

/**
 * What training left.
 *
 * @param state after the last round
 * @param resumedAt rounds that an earlier run had done, 0 for a fresh one
 * @param metrics of the rounds of this run and, if it was resumed, of those before
 */
public record TrainingResult(RoundState state, int resumedAt, List<RoundMetrics> metrics) {
  public TrainingResult {
    metrics = List.copyOf(metrics);
  }
}
