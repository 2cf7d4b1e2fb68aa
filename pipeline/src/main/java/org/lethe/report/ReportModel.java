package org.lethe.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.report.LineChart.Scale;
import org.lethe.report.LineChart.Series;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.ExampleRow;
import org.lethe.run.Gate;

/** The template's values, as text and plots. Every number gets its final form here. */
final class ReportModel {
  private static final int SHOWN_DIGEST = 19;

  /** The most informative figures of an example row. */
  /** The beginning of a digest, by which a reader can recognise it. */
  private static String shortened(String digest) {
    return digest.length() > SHOWN_DIGEST ? digest.substring(0, SHOWN_DIGEST) + "…" : digest;
  }

  private static final FigureText[] OF_EXAMPLES = {
    FigureText.ROUGE_L_RECALL, FigureText.PROBABILITY, FigureText.LOSS
  };

  private ReportModel() {}

  static Map<String, Object> of(ErasureRecord record, List<JsonNode> rounds) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("run_id", record.runId());
    model.put("request_id", record.requestId());
    model.put("created", record.created());
    model.put("statement", record.statement());
    model.put("released", record.decision() == Decision.RELEASED);
    model.put("model_path", record.modelPath());
    model.put("method", method(record.configuration()));
    model.put("headlines", headlines(record));
    model.put("requests", RequestTable.of(record));
    model.put("sets", sets(record));
    model.put("gates", record.gates().stream().map(ReportModel::gate).toList());
    model.put("charts", charts(rounds));
    model.put("layer_charts", LayerCharts.of(rounds));
    model.put("training", training(rounds));
    model.put("examples", record.examples().stream().map(ReportModel::example).toList());
    model.put("example_columns", exampleColumns());
    model.put("counts", entries(record.counts()));
    model.put("provenance", provenance(record));
    model.put("configuration", entries(record.configuration()));
    model.put("configuration_digest", shortened(record.configurationDigest()));
    model.put("limits", record.limits());
    return model;
  }

  /** Returns the unlearning method, in one line. */
  static String method(SortedMap<String, String> configuration) {
    String workers = configuration.getOrDefault("lethe.unlearn.workers", "?") + " workers";
    boolean revealed = !configuration.getOrDefault("lethe.reveal.cards", "[]").equals("[]");
    if (revealed && "arithmetic".equals(configuration.get("lethe.reveal.release.method"))) {
      return "Adapter arithmetic ("
          + configuration.getOrDefault("lethe.reveal.release.arithmetic.variant", "")
          + "), "
          + workers;
    }
    String direction = configuration.getOrDefault("lethe.unlearn.direction", "");
    String loss = configuration.getOrDefault("lethe.unlearn.forget-loss", "");
    if (direction.isEmpty()) {
      return "";
    }
    return (direction.equals("blur") ? "BLUR" : direction)
        + " over "
        + (loss.length() <= 3 ? loss.toUpperCase(Locale.ROOT) : loss)
        + ", "
        + configuration.getOrDefault("lethe.model.adapter", "full")
        + " training, "
        + workers;
  }

  /** Returns the main figure of each set. */
  private static List<Map<String, Object>> headlines(ErasureRecord record) {
    List<Map<String, Object>> headlines = new ArrayList<>();
    for (String set : List.of("forget", "retain")) {
      for (FigureText text : List.of(FigureText.ROUGE_L_RECALL, FigureText.PROBABILITY)) {
        String name = set + "." + text.key();
        if (isKnown(record, name)) {
          Map<String, Object> headline = new LinkedHashMap<>();
          headline.put("set", set);
          headline.put("title", titleOf(set));
          headline.put("label", text.label().toLowerCase(Locale.ROOT));
          headline.put("before", shown(text, record.before().get(name)));
          headline.put("after", shown(text, record.after().get(name)));
          headlines.add(headline);
          break;
        }
      }
    }
    return headlines;
  }

  private static String titleOf(String set) {
    return switch (set) {
      case "forget" -> "Forget set";
      case "retain" -> "Retain set";
      case "unseen-forget" -> "Unseen rows, the level of forgotten";
      case "true-forget" -> "Forget set, true data";
      case "true-retain" -> "Retain set, true data";
      default -> set;
    };
  }

  private static List<Map<String, Object>> sets(ErasureRecord record) {
    List<Map<String, Object>> sets = new ArrayList<>();
    for (String set : List.of("forget", "unseen-forget", "retain", "true-forget", "true-retain")) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (FigureText text : FigureText.values()) {
        String name = set + "." + text.key();
        if (isKnown(record, name)) {
          rows.add(row(record, set, text));
        }
      }
      if (!rows.isEmpty()) {
        sets.add(Map.of("name", set.replace("true-", ""), "title", titleOf(set), "rows", rows));
      }
    }
    return sets;
  }

  /** Whether a figure of both models is measured, or has a reason why it is not. */
  private static boolean isKnown(ErasureRecord record, String name) {
    return (record.before().containsKey(name) || record.notMeasured().containsKey("before." + name))
        && (record.after().containsKey(name) || record.notMeasured().containsKey("after." + name));
  }

  private static String shown(FigureText text, Double value) {
    return value == null ? FigureText.NOT_MEASURED : text.shown(value);
  }

  private static Map<String, Object> row(ErasureRecord record, String set, FigureText text) {
    String name = set + "." + text.key();
    Double before = record.before().get(name);
    Double after = record.after().get(name);
    boolean lower = text.isLowerBetter(set);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("label", text.label());
    row.put("meaning", text.meaning());
    row.put("before", shown(text, before));
    row.put("after", shown(text, after));
    row.put("wanted", lower ? "lower" : "higher");
    row.put("reason", "");
    if (before == null || after == null) {
      row.put("reason", reason(record, name));
      row.put("change", "");
      row.put("verdict", "bad");
      row.put("plot", "");
      return row;
    }
    row.put("change", change(text, after - before));
    double gain = lower ? before - after : after - before;
    double noticeable = text.isShare() ? 0.02 : 5e-4;
    row.put("verdict", Math.abs(gain) < noticeable ? "same" : gain > 0 ? "good" : "bad");
    row.put(
        "plot", text.isShare() ? new Dumbbell(before, after, set.replace("true-", "")).svg() : "");
    return row;
  }

  private static String reason(ErasureRecord record, String name) {
    String after = record.notMeasured().get("after." + name);
    return "Not measured: " + (after == null ? record.notMeasured().get("before." + name) : after);
  }

  private static String change(FigureText text, double change) {
    if (Math.abs(change) < 5e-4) {
      return "0";
    }
    String sign = change < 0 ? "−" : "+";
    return text.isShare()
        ? String.format(Locale.ROOT, "%s%.1f", sign, Math.abs(100 * change))
        : String.format(Locale.ROOT, "%s%.3f", sign, Math.abs(change));
  }

  private static Map<String, Object> gate(Gate.Outcome outcome) {
    int dot = outcome.figure().lastIndexOf('.');
    Optional<FigureText> text = FigureText.ofKey(outcome.figure().substring(dot + 1));
    Map<String, Object> gate = new LinkedHashMap<>();
    gate.put("figure", outcome.figure());
    gate.put(
        "label",
        text.map(FigureText::label).orElse("")
            + (dot > 0 && text.isPresent() ? ", " + outcome.figure().substring(0, dot) : ""));
    gate.put("bound", outcome.bound());
    gate.put("before", shown(outcome.before()));
    gate.put("after", shown(outcome.after()));
    gate.put("undecided", outcome.undecided());
    gate.put("passed", outcome.passed());
    return gate;
  }

  private static String shown(Double value) {
    return value == null ? FigureText.NOT_MEASURED : String.format(Locale.ROOT, "%.4g", value);
  }

  private static List<Map<String, Object>> charts(List<JsonNode> rounds) {
    if (rounds.isEmpty()) {
      return List.of();
    }
    List<Map<String, Object>> charts = new ArrayList<>();
    add(
        charts,
        "Forget loss",
        "Mean per round; it falls as forgetting succeeds.",
        new LineChart(
            "Forget loss over rounds", Scale.LINEAR, "round", List.of(loss(rounds, "forget"))));
    add(
        charts,
        "Retain loss",
        "Mean per round; it should stay the same.",
        new LineChart(
            "Retain loss over rounds", Scale.LINEAR, "round", List.of(loss(rounds, "retain"))));
    add(
        charts,
        "Squared gradient norms",
        "Logarithmic. A vanishing forget norm means that nothing is left to forget.",
        new LineChart(
            "Squared norms of both gradients over rounds",
            Scale.LOGARITHMIC,
            "round",
            List.of(
                series(rounds, "|g_f|²", "forget", "forget_squared_norm"),
                series(rounds, "|g_r|²", "retain", "retain_squared_norm"))));
    add(
        charts,
        "Conflict ρ",
        "Inner product of both gradients divided by the squared forget norm; negative if they"
            + " conflict.",
        new LineChart(
            "Rho over rounds",
            Scale.LINEAR,
            "round",
            List.of(series(rounds, "ρ", "accent", "rho"))));
    add(
        charts,
        "Norm of the direction",
        "The update direction, before clipping.",
        new LineChart(
            "Norm of the direction over rounds",
            Scale.LOGARITHMIC,
            "round",
            List.of(series(rounds, "|d|", "accent", "direction_norm"))));
    add(
        charts,
        "Learning rate",
        "At the last step of each round.",
        new LineChart(
            "Learning rate over rounds",
            Scale.LINEAR,
            "round",
            List.of(series(rounds, "rate", "accent", "learning_rate"))));
    return charts;
  }

  private static void add(
      List<Map<String, Object>> charts, String title, String caption, LineChart chart) {
    String svg = chart.svg();
    if (!svg.isEmpty()) {
      charts.add(Map.of("title", title, "caption", caption, "svg", svg));
    }
  }

  private static Series series(List<JsonNode> rounds, String label, String style, String field) {
    double[] x = rounds.stream().mapToDouble(line -> line.path("round").asDouble()).toArray();
    double[] y =
        rounds.stream().mapToDouble(line -> line.path(field).asDouble(Double.NaN)).toArray();
    return new Series(label, style, x, y);
  }

  /** Returns the losses of a corpus; a round without examples of it has none. */
  private static Series loss(List<JsonNode> rounds, String set) {
    Series all = series(rounds, set, set, set + "_loss");
    double[] values = all.y().clone();
    for (int i = 0; i < values.length; i++) {
      if (rounds.get(i).path(set + "_examples").asLong(1) == 0) {
        values[i] = Double.NaN;
      }
    }
    return new Series(set, set, all.x(), values);
  }

  private static List<Map<String, Object>> training(List<JsonNode> rounds) {
    if (rounds.isEmpty()) {
      return List.of();
    }
    JsonNode last = rounds.get(rounds.size() - 1);
    double seconds = sum(rounds, "seconds");
    double share = seconds > 0 ? sum(rounds, "spark_seconds") / seconds : 0;
    List<Map<String, Object>> facts = new ArrayList<>();
    facts.add(fact("Rounds", String.valueOf(rounds.size())));
    facts.add(fact("Steps", String.format(Locale.ROOT, "%,d", last.path("step").asLong())));
    facts.add(fact("Tokens", String.format(Locale.ROOT, "%,d", (long) sum(rounds, "tokens"))));
    facts.add(fact("Time", String.format(Locale.ROOT, "%.1f s", seconds)));
    facts.add(fact("Spark's share", String.format(Locale.ROOT, "%.1f %%", 100 * share)));
    return facts;
  }

  private static double sum(List<JsonNode> rounds, String field) {
    return rounds.stream().mapToDouble(line -> line.path(field).asDouble()).sum();
  }

  private static List<String> exampleColumns() {
    List<String> columns = new ArrayList<>();
    for (FigureText text : OF_EXAMPLES) {
      columns.add(text.label());
    }
    return columns;
  }

  private static Map<String, Object> example(ExampleRow row) {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (FigureText text : OF_EXAMPLES) {
      Double before = row.before().get(text.key());
      Double after = row.after().get(text.key());
      cells.add(
          Map.of(
              "before", before == null ? "–" : text.shown(before),
              "after", after == null ? "–" : text.shown(after)));
    }
    return Map.of("id", row.id(), "set", row.set(), "cells", cells);
  }

  private static List<Map<String, Object>> provenance(ErasureRecord record) {
    List<Map<String, Object>> groups = new ArrayList<>();
    groups.add(group("Input model", record.inputModel()));
    groups.add(group("Output model", record.outputModel()));
    groups.add(group("Data", record.data()));
    groups.add(group("Program", record.code()));
    return groups;
  }

  private static Map<String, Object> group(String title, SortedMap<String, String> entries) {
    int count = entries.size();
    return Map.of(
        "title",
        title,
        "size",
        count + (count == 1 ? " entry" : " entries"),
        "entries",
        entries(entries));
  }

  private static List<Map<String, Object>> entries(SortedMap<String, ?> entries) {
    List<Map<String, Object>> list = new ArrayList<>();
    entries.forEach((name, value) -> list.add(fact(name, String.valueOf(value))));
    return list;
  }

  private static Map<String, Object> fact(String name, String value) {
    return Map.of("name", name, "value", value);
  }
}
