package org.lethe.evaluation;

import java.util.EnumMap;
import java.util.Map;

/**
 * A row whose figures are computed again from what else it holds, for an auditor: all that follow
 * from the two texts, the probability from the loss, the zlib score from loss and text. The loss
 * itself and the token-wise figures need the model and stay as they are.
 */
public final class RecomputedRow {
  private RecomputedRow() {}

  /** The row with recomputed figures; it has the same figures as before. */
  public static EvaluationRow of(EvaluationRow row) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(row.metrics());
    row.generated().ifPresent(text -> metrics.putAll(Evaluator.ofText(row.expected(), text)));
    row.metric(Metric.LOSS)
        .ifPresent(
            loss -> {
              metrics.put(Metric.PROBABILITY, AnswerLikelihood.probability(loss));
              metrics.put(Metric.ZLIB, Membership.zlib(loss, row.expected()));
            });
    return row.withMetrics(metrics);
  }
}
