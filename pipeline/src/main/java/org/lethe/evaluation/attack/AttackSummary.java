package org.lethe.evaluation.attack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.NotMeasured;

/**
 * The figures of all attacks on one model. Contains no text.
 *
 * @param seed seed of the confidence intervals
 * @param rows number of rows of each set that were attacked, at most
 * @param plannedShare planned share of the run's work, counted in tokens
 * @param referenceArea area under the ROC curve of a model that saw neither forget nor unseen rows
 * @param figures figures by dotted name
 */
public record AttackSummary(
    long seed, int rows, double plannedShare, double referenceArea, EvaluationFigures figures) {
  private static final int VERSION = 1;

  /** Summarises attempts, in any order. The same attempts and seed give the same summary. */
  public static AttackSummary of(
      Collection<AttackRow> attempts,
      long seed,
      int rows,
      double plannedShare,
      double referenceArea) {
    Attempts sorted = Attempts.of(attempts);
    EvaluationFigures figures = EvaluationFigures.NONE;
    for (String key : sorted.attacks()) {
      figures = figures.and(Attacks.forFigures(key, referenceArea).figures(sorted, seed));
    }
    return new AttackSummary(seed, rows, plannedShare, referenceArea, figures);
  }

  /**
   * Returns the document attack-summary:
   *
   * <pre>{"version": 1, "seed": 42, "rows": 64, "planned_share": 0.12, "reference_area": 0.5,
   *   "figures": {"forget.attack.prefix.probability":
   *     {"mean": 0.5, "low": 0.4, "high": 0.6, "count": 64}},
   *   "not_measured": {"forget.attack.membership.loss-s":
   *     {"reason": "no-unseen", "rows": 64, "count": 64}}}</pre>
   */
  public ObjectNode toJson() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("version", VERSION);
    document.put("seed", seed);
    document.put("rows", rows);
    document.put("planned_share", plannedShare);
    document.put("reference_area", referenceArea);
    ObjectNode measured = document.putObject("figures");
    figures
        .measured()
        .forEach(
            (name, figure) ->
                measured
                    .putObject(name)
                    .put("mean", figure.mean())
                    .put("low", figure.low())
                    .put("high", figure.high())
                    .put("count", figure.count()));
    ObjectNode notMeasured = document.putObject("not_measured");
    figures
        .notMeasured()
        .forEach(
            (name, why) ->
                notMeasured
                    .putObject(name)
                    .put("reason", why.reason().key())
                    .put("rows", why.rows())
                    .put("count", why.count()));
    return document;
  }

  /** Reads the document of {@link #toJson}. */
  public static AttackSummary fromJson(JsonNode document) {
    if (document.path("version").asInt() != VERSION) {
      throw EvaluationErrors.unreadableSummary(
          "version " + document.path("version") + ", expected " + VERSION);
    }
    SortedMap<String, Figure> measured = new TreeMap<>();
    SortedMap<String, NotMeasured> notMeasured = new TreeMap<>();
    try {
      document
          .path("figures")
          .properties()
          .forEach(entry -> measured.put(entry.getKey(), figure(entry.getValue())));
      document
          .path("not_measured")
          .properties()
          .forEach(entry -> notMeasured.put(entry.getKey(), reason(entry.getValue())));
      return new AttackSummary(
          document.path("seed").asLong(),
          document.path("rows").asInt(),
          document.path("planned_share").asDouble(),
          document.path("reference_area").asDouble(),
          new EvaluationFigures(measured, notMeasured));
    } catch (IllegalArgumentException e) {
      throw EvaluationErrors.unreadableSummary(e.getMessage());
    }
  }

  private static Figure figure(JsonNode node) {
    return new Figure(
        node.path("mean").asDouble(Double.NaN),
        node.path("low").asDouble(Double.NaN),
        node.path("high").asDouble(Double.NaN),
        node.path("count").asLong());
  }

  private static NotMeasured reason(JsonNode node) {
    String key = node.path("reason").asText();
    Optional<NotMeasured.Reason> reason = NotMeasured.Reason.ofKey(key);
    return new NotMeasured(
        reason.orElseThrow(() -> new IllegalArgumentException("unknown reason " + key)),
        node.path("rows").asLong(),
        node.path("count").asLong());
  }
}
