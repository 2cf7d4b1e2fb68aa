package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealStep.Trial;
import org.lethe.report.LineChart.Scale;
import org.lethe.report.LineChart.Series;
import org.lethe.reveal.filter.ClaimCounts;
import org.lethe.run.ChosenWeight;
import org.lethe.run.Documents;
import org.lethe.run.Iterations;
import org.lethe.run.Iterations.Line;
import org.lethe.run.RunDirectory;

/**
 * The reveal results of a run without a forget corpus, and its iterations.
 *
 * @param iterations the iterations, if the run has several
 * @param reports reveal reports, one per iteration
 * @param weights weights of subtracted modules, one per iteration; empty if none was subtracted
 * @param others reveal reports of other runs, for comparison
 */
record RevealSection(
    Optional<Iterations> iterations,
    List<RevealReport> reports,
    List<ChosenWeight> weights,
    List<RevealReport> others) {
  /** Figures to show for each iteration, if measured. */
  private static final Map<String, String> OF_ITERATIONS = new LinkedHashMap<>();

  static {
    OF_ITERATIONS.put("forget.rouge-l-recall", "Held-out facts");
    OF_ITERATIONS.put("substituted-forget.rouge-l-recall", "Held-out facts, other names");
    OF_ITERATIONS.put("true-forget.rouge-l-recall", "Forget set, true data");
    OF_ITERATIONS.put("retain.rouge-l-recall", "Retain set");
    OF_ITERATIONS.put("true-retain.rouge-l-recall", "Retain set, true data");
  }

  /** The section of a run with a forget corpus, which has no reveal stage. */
  static final RevealSection NONE =
      new RevealSection(Optional.empty(), List.of(), List.of(), List.of());

  RevealSection {
    reports = List.copyOf(reports);
    weights = List.copyOf(weights);
    others = List.copyOf(others);
  }

  /** Reads the documents of a run directory. */
  static RevealSection of(RunDirectory directory, List<RevealReport> others) {
    Path file = new Path(directory.root(), Iterations.FILE);
    if (!Documents.exists(directory.fileSystem(), file)) {
      return new RevealSection(
          Optional.empty(),
          report(directory, directory.revealed()).stream().toList(),
          weight(directory, directory.candidate()).stream().toList(),
          others);
    }
    Iterations iterations = Documents.read(directory.fileSystem(), file, Iterations.class);
    List<RevealReport> reports = new ArrayList<>();
    List<ChosenWeight> weights = new ArrayList<>();
    for (Line line : iterations.lines()) {
      report(directory, directory.below(line.path() + "/revealed")).ifPresent(reports::add);
      weight(directory, directory.below(line.path() + "/candidate")).ifPresent(weights::add);
    }
    return new RevealSection(Optional.of(iterations), reports, weights, others);
  }

  private static Optional<RevealReport> report(RunDirectory directory, Path folder) {
    return document(directory, new Path(folder, RevealReport.FILE), RevealReport.class);
  }

  private static Optional<ChosenWeight> weight(RunDirectory directory, Path folder) {
    return document(directory, new Path(folder, ChosenWeight.FILE), ChosenWeight.class);
  }

  private static <T> Optional<T> document(RunDirectory directory, Path file, Class<T> type) {
    return Documents.exists(directory.fileSystem(), file)
        ? Optional.of(Documents.read(directory.fileSystem(), file, type))
        : Optional.empty();
  }

  /** Returns the template's values; empty if there is no reveal report. */
  Map<String, Object> model() {
    if (reports.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("charts", charts());
    model.put("dropped", dropped());
    model.put("columns", columns());
    model.put("strategy", word(reports.get(0).strategy().name()));
    model.put("iterations", iterations.map(this::table).orElse(Map.of()));
    model.put("weights", WeightTable.model(weights));
    return model;
  }

  /** Returns a constant's name as in the configuration. */
  static String word(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= reports.size(); i++) {
      columns.add(reports.size() == 1 ? "Responses" : "Iteration " + i);
    }
    return columns;
  }

  private Map<String, Object> table(Iterations found) {
    List<Map<String, Object>> rows = new ArrayList<>();
    OF_ITERATIONS.forEach(
        (figure, title) -> {
          List<String> cells = new ArrayList<>();
          cells.add(shown(found.before(), figure));
          found.lines().forEach(line -> cells.add(shown(line.after(), figure)));
          if (cells.stream().anyMatch(cell -> !cell.equals("–"))) {
            rows.add(Map.of("title", title, "cells", cells));
          }
        });
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("rows", rows);
    table.put("columns", found.lines().stream().map(line -> "After " + line.number()).toList());
    table.put("stop", word(found.stop()).replace('-', ' '));
    table.put("kept", found.kept());
    return table;
  }

  private static String shown(SortedMap<String, Double> figures, String name) {
    Double value = figures.get(name);
    return value == null ? "–" : FigureText.ROUGE_L_RECALL.shown(value);
  }

  /** Returns counts of the responses about the forget topics, by outcome. */
  private List<Map<String, Object>> dropped() {
    TreeSet<String> reasons = new TreeSet<>();
    for (RevealReport report : reports) {
      report.cards().forEach(card -> reasons.addAll(card.filters().dropped().keySet()));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(row("responses", card -> card.filters().responses()));
    for (String reason : reasons) {
      rows.add(
          row(
              "dropped: " + reason.replace('-', ' '),
              card -> card.filters().dropped().getOrDefault(reason, 0)));
    }
    rows.add(row("rows to train on", CardReport::rows));
    rows.add(
        row(
            "attributes with contradicting claims",
            card -> (int) card.claims().stream().filter(ClaimCounts::contradict).count()));
    rows.add(row("facts", CardReport::facts));
    rows.add(row("facts held out", CardReport::heldOutFacts));
    return rows;
  }

  private Map<String, Object> row(
      String title, java.util.function.ToIntFunction<CardReport> count) {
    return Map.of(
        "title",
        title,
        "cells",
        reports.stream()
            .map(
                report ->
                    String.format(
                        Locale.ROOT, "%,d", report.cards().stream().mapToInt(count).sum()))
            .toList());
  }

  private List<Map<String, Object>> charts() {
    RevealReport first = reports.get(0);
    List<Map<String, Object>> charts = new ArrayList<>();
    List<Series> rewards = new ArrayList<>();
    rewards(first, pull -> pull.belief().isEmpty(), "random", "retain").ifPresent(rewards::add);
    rewards(first, pull -> pull.belief().isPresent(), "chosen", "accent").ifPresent(rewards::add);
    add(
        charts,
        "Reward over pulls",
        "Mean over the topics, for random arms and for arms that the search chose.",
        new LineChart("Reward over pulls", Scale.LINEAR, "pull", rewards));
    if (!others.isEmpty()) {
      List<Series> strategies =
          SearchComparison.series(Stream.concat(Stream.of(first), others.stream()).toList());
      add(
          charts,
          "Strategies of the search",
          "Mean reward of all pulls so far, averaged over topics and over the runs of a strategy."
              + " The chart ends with the shortest run.",
          new LineChart("Mean reward so far by strategy", Scale.LINEAR, "pull", strategies));
    }
    List<List<Double>> vendi = first.cards().stream().map(CardReport::vendi).toList();
    means(vendi, "pool", "accent")
        .ifPresent(
            series ->
                add(
                    charts,
                    "Diversity of the pool",
                    "Vendi score after each block of accepted responses, mean over the topics.",
                    new LineChart(
                        "Vendi score over blocks", Scale.LINEAR, "block", List.of(series))));
    return charts;
  }

  private static void add(
      List<Map<String, Object>> charts, String title, String caption, LineChart chart) {
    String svg = chart.series().isEmpty() ? "" : chart.svg();
    if (!svg.isEmpty()) {
      charts.add(Map.of("title", title, "caption", caption, "svg", svg));
    }
  }

  private static Optional<Series> rewards(
      RevealReport report, Predicate<Trial> which, String label, String style) {
    TreeMap<Integer, List<Double>> byPull = new TreeMap<>();
    for (CardReport card : report.cards()) {
      for (int i = 0; i < card.pulls().size(); i++) {
        Trial pull = card.pulls().get(i);
        if (which.test(pull) && pull.reward().isPresent()) {
          byPull.computeIfAbsent(i + 1, n -> new ArrayList<>()).add(pull.reward().get().value());
        }
      }
    }
    return series(byPull, label, style);
  }

  private static Optional<Series> means(List<List<Double>> lines, String label, String style) {
    TreeMap<Integer, List<Double>> byPlace = new TreeMap<>();
    for (List<Double> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        byPlace.computeIfAbsent(i + 1, n -> new ArrayList<>()).add(line.get(i));
      }
    }
    return series(byPlace, label, style);
  }

  private static Optional<Series> series(
      SortedMap<Integer, List<Double>> values, String label, String style) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    double[] x = values.keySet().stream().mapToDouble(n -> n).toArray();
    double[] y =
        values.values().stream()
            .mapToDouble(all -> all.stream().mapToDouble(value -> value).average().orElseThrow())
            .toArray();
    return Optional.of(new Series(label, style, x, y));
  }
}
