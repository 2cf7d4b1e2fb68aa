package org.lethe.evaluation;

import java.util.EnumMap;
import java.util.Map;

/**
 * Recomputes a row's figures from the row itself, for an auditor: all metrics of the two texts, the
 * probability from the loss, the zlib score from loss and text. The loss and the token-wise figures
 * need the model and stay unchanged, as does whether the limit ended the text.
 */
public final class RecomputedRow {
  private RecomputedRow() {}

  /** Returns the row with recomputed figures. */
  public static EvaluationRow of(EvaluationRow row) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(row.metrics());
    row.generated()
        .ifPresent(
            text -> {
              TextEnd end = TextEnd.recorded(row.metrics());
              metrics.keySet().removeAll(TextMetrics.ALL);
              metrics.putAll(TextMetrics.of(row.expected(), text, end));
            });
    row.metric(Metric.LOSS)
        .ifPresent(
            loss -> {
              metrics.put(Metric.PROBABILITY, AnswerLikelihood.probability(loss));
              metrics.put(Metric.ZLIB, Membership.zlib(loss, row.expected()));
            });
    return row.withMetrics(metrics);
  }
}
