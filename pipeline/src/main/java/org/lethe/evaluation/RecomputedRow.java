package org.lethe.evaluation;

import java.util.EnumMap;
import java.util.Map;

/**
 * Recomputes a row's figures from the row itself, for an auditor: all metrics of the two texts, the
 * probability from the loss, the zlib score from loss and text. The loss and the token-wise figures
 * need the model and stay unchanged.
 */
public final class RecomputedRow {
  private RecomputedRow() {}

  /** Returns the row with recomputed figures. It has the same metrics as before. */
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
