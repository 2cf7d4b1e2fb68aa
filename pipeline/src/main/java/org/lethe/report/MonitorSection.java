package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.report.LineChart.Scale;
import org.lethe.report.LineChart.Series;
import org.lethe.run.Documents;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;

/**
 * The part of the report about stop rules: forget rows beside the interval of unseen rows by round,
 * and the point that the run returned.
 *
 * @param readings lines of metrics/monitor.jsonl; none in a run without stop rules
 * @param outcome why the run ended, if it had stop rules
 */
record MonitorSection(List<JsonNode> readings, Optional<StopOutcome> outcome) {
  private static final List<Metric> DRAWN =
      List.of(Metric.PROBABILITY, Metric.EXACT_MEMORISATION, Metric.EXTRACTION_STRENGTH);

  /** Of a run without stop rules. */
  static final MonitorSection NONE = new MonitorSection(List.of(), Optional.empty());

  MonitorSection {
    readings = List.copyOf(readings);
  }

  static MonitorSection of(RunDirectory directory) {
    Path file = new Path(directory.candidate(), StopOutcome.FILE);
    return new MonitorSection(
        JsonLines.read(directory.fileSystem(), directory.monitorLog()),
        Documents.exists(directory.fileSystem(), file)
            ? Optional.of(Documents.read(directory.fileSystem(), file, StopOutcome.class))
            : Optional.empty());
  }

  /** The template's values; empty without stop rules. */
  Map<String, Object> model() {
    if (outcome.isEmpty() || readings.size() < 2) {
      return Map.of();
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("sentence", sentence(outcome.get(), ended()));
    List<Map<String, Object>> charts = new ArrayList<>();
    for (Metric metric : DRAWN) {
      charts.add(Map.of("title", title(metric), "svg", chart(metric, outcome.get()).svg()));
    }
    model.put("charts", charts);
    return model;
  }

  /** The last round of the run. */
  private int ended() {
    return readings.stream().mapToInt(reading -> reading.path("round").asInt()).max().orElse(0);
  }

  private static String point(StopOutcome outcome) {
    if (outcome.position() == 1) {
      return "the end of round " + outcome.to();
    }
    if (outcome.position() == 0) {
      return "the end of round " + outcome.from();
    }
    return String.format(
        Locale.ROOT,
        "a point between round %d and round %d, %.3g of the way",
        outcome.from(),
        outcome.to(),
        outcome.position());
  }

  private static String sentence(StopOutcome outcome, int ended) {
    return String.format(
        Locale.ROOT,
        "Ended after round %d by the rule %s: %s. Returned: %s, where the forget rows are %s%s.",
        ended,
        outcome.rule(),
        outcome.reason(),
        point(outcome),
        outcome.forgetting().words(),
        outcome.withinBudget() ? "" : " and the retain budget is spent");
  }

  /** Name of a figure for readers, such as {@code Exact memorisation}. */
  private static String title(Metric metric) {
    String words = metric.key().replace('-', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private LineChart chart(Metric metric, StopOutcome outcome) {
    String figure = metric.column();
    List<JsonNode> rounds =
        readings.stream()
            .filter(r -> r.path("sample").asText().equals("ROUND"))
            .filter(r -> r.path("position").asDouble() == 1)
            .toList();
    double[] x = rounds.stream().mapToDouble(r -> r.path("round").asDouble()).toArray();
    double[] forget =
        rounds.stream()
            .mapToDouble(r -> r.path("forget").path(figure).path("mean").asDouble())
            .toArray();
    JsonNode unseen = readings.get(1).path("unseen").path(figure);
    double[] ends = {x[0], x[x.length - 1]};
    double place = outcome.from() + outcome.position() * (outcome.to() - outcome.from());
    return new LineChart(
        title(metric) + " of forget rows and of unseen rows over rounds",
        Scale.LINEAR,
        "round",
        List.of(
            new Series("forget", "forget", x, forget),
            new Series("unseen, high", "retain", ends, level(unseen, "high")),
            new Series("unseen, low", "retain", ends, level(unseen, "low")),
            new Series(
                "returned",
                "accent",
                new double[] {place},
                new double[] {outcome.chosen().forget().figure(metric).mean()})));
  }

  private static double[] level(JsonNode unseen, String end) {
    double value = unseen.path(end).asDouble();
    return new double[] {value, value};
  }
}
