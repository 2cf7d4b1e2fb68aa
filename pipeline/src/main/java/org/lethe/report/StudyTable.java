package org.lethe.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.benchmark.RelativePosition;
import org.lethe.evaluation.benchmark.TwoSided;
import org.lethe.report.StudyDocument.BenchmarkResult;
import org.lethe.report.StudyDocument.Cell;
import org.lethe.report.StudyDocument.FoldCell;

/** A study as Markdown tables. */
final class StudyTable {
  private StudyTable() {}

  /**
   * Returns the whole document: for each benchmark a summary table, then every figure of every
   * method.
   */
  static String markdown(StudyDocument study) {
    List<String> lines = new ArrayList<>();
    lines.add("# Study " + study.runId());
    for (BenchmarkResult result : study.benchmarks()) {
      lines.add("");
      lines.add("## " + result.benchmark());
      lines.add("");
      lines.add(
          "Forgetting is 1 if the forget figures equal the retrained model's, and 0 if they are as"
              + " far from it as the target's, on either side. Utility is "
              + result.utility()
              + " divided by the target's. Both are means over "
              + result.seeds().size()
              + " seeds, with minimum and maximum in brackets. Figures are means over seeds with 95"
              + " % intervals over questions.");
      lines.add("");
      lines.addAll(summary(result));
      for (String method : result.chosen().keySet()) {
        lines.add("");
        lines.add("### " + result.benchmark() + ": " + method);
        lines.add("");
        lines.addAll(readings(result, method));
      }
      if (!result.folds().isEmpty()) {
        lines.add("");
        lines.add("### " + result.benchmark() + ": folds");
        lines.add("");
        lines.addAll(folds(result));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Returns one row per model. */
  static List<String> summary(BenchmarkResult result) {
    List<String> figures = new ArrayList<>(result.scores().headline().forgetting());
    figures.add(result.utility());
    Stream.of("model-utility", "forget-quality", "task-aggregate")
        .filter(result.retrained()::containsKey)
        .filter(name -> !figures.contains(name))
        .forEach(figures::add);
    List<String> lines = new ArrayList<>();
    lines.add(
        "| model | learning rate | forgetting | utility | "
            + String.join(" | ", figures)
            + " | front |");
    lines.add("|---".repeat(figures.size() + 5) + "|");
    lines.add("| target | | 0 | 1 | " + cells(result.target(), figures) + " | |");
    lines.add("| retrained | | 1 | | " + cells(result.retrained(), figures) + " | |");
    for (Map.Entry<String, Double> method : result.chosen().entrySet()) {
      List<Cell> finals = result.finals(method.getKey());
      List<RelativePosition> positions =
          finals.stream().filter(cell -> cell.failure().isEmpty()).map(result::position).toList();
      long front = finals.stream().filter(result::isOnFront).count();
      long failed = finals.stream().filter(cell -> cell.failure().isPresent()).count();
      lines.add(
          "| "
              + method.getKey()
              + " | "
              + rate(method.getValue())
              + " | "
              + range(positions, RelativePosition::forgetting)
              + " | "
              + range(positions, RelativePosition::utility)
              + " | "
              + cells(result, method.getKey(), figures)
              + " | "
              + (front > 0 ? front + " of " + finals.size() : "")
              + (failed > 0 ? " (" + failed + " failed)" : "")
              + " |");
    }
    return lines;
  }

  /** Returns one row per method and fold. */
  private static List<String> folds(BenchmarkResult result) {
    List<String> figures = foldFigures(result);
    List<String> lines = new ArrayList<>();
    lines.add("| method | folds | fold | " + String.join(" | ", figures) + " |");
    lines.add("|---".repeat(figures.size() + 3) + "|");
    for (FoldCell fold : result.folds()) {
      lines.add(
          "| "
              + String.join(" | ", fold.cell().method(), fold.kind(), String.valueOf(fold.fold()))
              + " | "
              + fold.cell().failure().orElse(cells(fold.cell().figures(), figures))
              + " |");
    }
    return lines;
  }

  /** Returns the names of the figures of folds. */
  static List<String> foldFigures(BenchmarkResult result) {
    List<String> figures = new ArrayList<>(result.scores().headline().forgetting());
    figures.add(result.utility());
    figures.add("privleak");
    return figures;
  }

  private static String cells(BenchmarkResult result, String method, List<String> figures) {
    Map<String, TwoSided> readings = result.readings(method);
    List<String> cells = new ArrayList<>();
    for (String name : figures) {
      TwoSided reading = readings.get(name);
      Figure figure = result.figures(method).get(name);
      String words = reading == null ? "" : reading.verdict().words();
      cells.add(
          figure == null ? "" : number(figure.mean()) + (words.isEmpty() ? "" : ", " + words));
    }
    return String.join(" | ", cells);
  }

  private static String cells(Map<String, Figure> found, List<String> figures) {
    return String.join(
        " | ",
        figures.stream()
            .map(name -> found.containsKey(name) ? number(found.get(name).mean()) : "")
            .toList());
  }

  private static List<String> readings(BenchmarkResult result, String method) {
    List<String> lines = new ArrayList<>();
    lines.add("| figure | target | unlearned | retrained | verdict |");
    lines.add("|---|---|---|---|---|");
    result
        .readings(method)
        .forEach(
            (name, reading) ->
                lines.add(
                    "| "
                        + name
                        + " | "
                        + interval(reading.target())
                        + " | "
                        + interval(reading.unlearned())
                        + " | "
                        + interval(reading.retrained())
                        + " | "
                        + reading.verdict().words()
                        + " |"));
    return lines;
  }

  /** Returns a mean with its interval. */
  static String interval(Figure figure) {
    return number(figure.mean()) + " " + bounds(figure);
  }

  /** Returns the interval alone. */
  static String bounds(Figure figure) {
    return "[" + number(figure.low()) + ", " + number(figure.high()) + "]";
  }

  /** Returns the mean over seeds with minimum and maximum. */
  static String range(List<RelativePosition> positions, ToDoubleFunction<RelativePosition> value) {
    if (positions.isEmpty()) {
      return "none";
    }
    DoubleSummaryStatistics found = positions.stream().mapToDouble(value).summaryStatistics();
    return positions.size() == 1
        ? number(found.getAverage())
        : number(found.getAverage())
            + " ("
            + number(found.getMin())
            + " to "
            + number(found.getMax())
            + ")";
  }

  static String rate(double rate) {
    return String.format(Locale.ROOT, "%.3g", rate)
        .replaceAll("(\\.\\d*?)0+$", "$1")
        .replaceAll("\\.$", "");
  }

  static String number(double value) {
    double size = Math.abs(value);
    return size != 0 && size < 5e-4
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, size >= 100 ? "%.1f" : "%.3f", value);
  }
}
