package org.lethe.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Joins rows with a reference model's losses. A lower loss than the reference suggests membership,
 * see {@link Membership#reference}.
 */
public final class ReferenceLosses {
  private ReferenceLosses() {}

  /**
   * Adds {@link Metric#REFERENCE_LOSS} to each row for which the reference has a row with the same
   * set, id and expected text. Other rows stay unchanged.
   */
  public static List<EvaluationRow> fill(
      Collection<EvaluationRow> rows, Collection<EvaluationRow> reference) {
    Map<List<String>, EvaluationRow> others = new HashMap<>();
    reference.forEach(row -> others.put(key(row), row));
    List<EvaluationRow> filled = new ArrayList<>();
    for (EvaluationRow row : rows) {
      EvaluationRow other = others.get(key(row));
      OptionalDouble loss = row.metric(Metric.LOSS);
      OptionalDouble known = other == null ? OptionalDouble.empty() : other.metric(Metric.LOSS);
      filled.add(
          loss.isPresent() && known.isPresent()
              ? with(row, Membership.reference(loss.getAsDouble(), known.getAsDouble()))
              : row);
    }
    return filled;
  }

  private static List<String> key(EvaluationRow row) {
    return List.of(row.set(), row.id(), row.expected());
  }

  private static EvaluationRow with(EvaluationRow row, double difference) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(row.metrics());
    metrics.put(Metric.REFERENCE_LOSS, difference);
    return row.withMetrics(metrics);
  }
}
