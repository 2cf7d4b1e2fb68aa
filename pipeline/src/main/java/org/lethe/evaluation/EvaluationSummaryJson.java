package org.lethe.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.EvaluationSummary.GroupFigures;
import org.lethe.evaluation.EvaluationSummary.SetFigures;

/**
 * Reads and writes the document of {@link EvaluationSummary},
 * data-schemas/evaluation-summary.schema.json.
 */
final class EvaluationSummaryJson {
  private static final int VERSION = 1;

  private EvaluationSummaryJson() {}

  static ObjectNode write(EvaluationSummary summary) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("version", VERSION);
    document.put("seed", summary.seed());
    ObjectNode sets = document.putObject("sets");
    summary
        .sets()
        .forEach(
            (set, figures) -> {
              ObjectNode node = group(figures.all());
              ObjectNode tasks = node.putObject("tasks");
              figures.tasks().forEach((task, members) -> tasks.set(task, group(members)));
              sets.set(set, node);
            });
    return document;
  }

  private static ObjectNode group(GroupFigures group) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("count", group.count());
    node.put("tokens", group.tokens());
    ObjectNode figures = node.putObject("figures");
    group
        .figures()
        .forEach(
            (metric, figure) ->
                figures
                    .putObject(metric.key())
                    .put("mean", figure.mean())
                    .put("low", figure.low())
                    .put("high", figure.high())
                    .put("count", figure.count()));
    if (!group.notMeasured().isEmpty()) {
      ObjectNode notMeasured = node.putObject("not_measured");
      group
          .notMeasured()
          .forEach(
              (metric, why) ->
                  notMeasured
                      .putObject(metric.key())
                      .put("reason", why.reason().key())
                      .put("rows", why.rows()));
    }
    return node;
  }

  static EvaluationSummary read(JsonNode document) {
    long version = whole(document, "version");
    if (version != VERSION) {
      throw EvaluationErrors.unreadableSummary("version " + version + ", expected " + VERSION);
    }
    SortedMap<String, SetFigures> sets = new TreeMap<>();
    object(document, "sets")
        .properties()
        .forEach(
            set -> {
              SortedMap<String, GroupFigures> tasks = new TreeMap<>();
              object(set.getValue(), "tasks")
                  .properties()
                  .forEach(task -> tasks.put(task.getKey(), group(task.getValue())));
              sets.put(set.getKey(), new SetFigures(group(set.getValue()), tasks));
            });
    return new EvaluationSummary(whole(document, "seed"), sets);
  }

  private static GroupFigures group(JsonNode node) {
    Map<Metric, Figure> figures = new EnumMap<>(Metric.class);
    object(node, "figures")
        .properties()
        .forEach(named -> figures.put(metric(named.getKey()), figure(named.getValue())));
    long count = whole(node, "count");
    Map<Metric, NotMeasured> notMeasured = new EnumMap<>(Metric.class);
    if (node.has("not_measured")) {
      object(node, "not_measured")
          .properties()
          .forEach(
              named ->
                  notMeasured.put(metric(named.getKey()), notMeasured(named.getValue(), count)));
    }
    return new GroupFigures(count, whole(node, "tokens"), figures, notMeasured);
  }

  private static Metric metric(String key) {
    return Metric.ofKey(key)
        .orElseThrow(() -> EvaluationErrors.unreadableSummary("unknown metric " + key));
  }

  private static NotMeasured notMeasured(JsonNode node, long count) {
    String key = node.path("reason").asText();
    NotMeasured.Reason reason =
        NotMeasured.Reason.ofKey(key)
            .orElseThrow(() -> EvaluationErrors.unreadableSummary("unknown reason " + key));
    try {
      return new NotMeasured(reason, whole(node, "rows"), count);
    } catch (IllegalArgumentException e) {
      throw EvaluationErrors.unreadableSummary(e.getMessage());
    }
  }

  private static Figure figure(JsonNode node) {
    try {
      return new Figure(
          real(node, "mean"), real(node, "low"), real(node, "high"), whole(node, "count"));
    } catch (IllegalArgumentException e) {
      throw EvaluationErrors.unreadableSummary(e.getMessage());
    }
  }

  private static JsonNode object(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isObject()) {
      throw EvaluationErrors.unreadableSummary("no object in field " + field);
    }
    return value;
  }

  private static long whole(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber()) {
      throw EvaluationErrors.unreadableSummary("no whole number in field " + field);
    }
    return value.longValue();
  }

  private static double real(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isNumber()) {
      throw EvaluationErrors.unreadableSummary("no number in field " + field);
    }
    return value.doubleValue();
  }
}
