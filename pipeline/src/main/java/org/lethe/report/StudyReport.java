package org.lethe.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.benchmark.RelativePosition;
import org.lethe.evaluation.benchmark.TwoSided;
import org.lethe.report.ScatterChart.Mark;
import org.lethe.report.StudyDocument.BenchmarkResult;
import org.lethe.report.StudyDocument.Cell;
import org.lethe.report.StudyDocument.FoldCell;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/** Writes a study as study.json, study.md and study.html. */
public final class StudyReport {
  /** The results, from which the other files follow. */
  public static final String DOCUMENT = "study.json";

  /** The page with plots. */
  public static final String PAGE = "study.html";

  /** The tables. */
  public static final String TABLE = "study.md";

  /** All written files. */
  public static final List<String> FILES = List.of(DOCUMENT, TABLE, PAGE);

  private static final String TEMPLATE = "study.html.jinja";

  private final RunDirectory directory;

  /** Creates a report in a run directory. */
  public StudyReport(RunDirectory directory) {
    this.directory = directory;
  }

  /** Writes all three files; replaces existing ones. */
  public void write(StudyDocument study) {
    Documents.write(directory.fileSystem(), path(DOCUMENT), study);
    Documents.writeText(directory.fileSystem(), path(TABLE), StudyTable.markdown(study));
    Documents.writeText(directory.fileSystem(), path(PAGE), html(study));
  }

  /** Returns the summary tables, as lines for a terminal. */
  public List<String> summary(StudyDocument study) {
    List<String> lines = new ArrayList<>();
    for (BenchmarkResult result : study.benchmarks()) {
      lines.add("");
      lines.add(result.benchmark());
      lines.addAll(StudyTable.summary(result));
    }
    lines.add("");
    return lines;
  }

  private Path path(String name) {
    return new Path(directory.root(), name);
  }

  static String html(StudyDocument study) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("run_id", study.runId());
    model.put("benchmarks", study.benchmarks().stream().map(StudyReport::benchmark).toList());
    return Report.render(TEMPLATE, model);
  }

  private static Map<String, Object> benchmark(BenchmarkResult result) {
    List<String> figures = new ArrayList<>(result.scores().headline().forgetting());
    figures.add(result.utility());
    List<String> methods = new ArrayList<>(result.chosen().keySet());
    List<Mark> marks = new ArrayList<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Map<String, Object>> details = new ArrayList<>();
    for (int i = 0; i < methods.size(); i++) {
      String method = methods.get(i);
      List<RelativePosition> positions = new ArrayList<>();
      long front = 0;
      for (Cell cell : result.finals(method)) {
        if (cell.failure().isEmpty()) {
          RelativePosition position = result.position(cell);
          boolean best = result.isOnFront(cell);
          front += best ? 1 : 0;
          positions.add(position);
          marks.add(
              new Mark(
                  method + ", seed " + cell.seed(),
                  i + 1,
                  position.forgetting(),
                  position.utility(),
                  best));
        }
      }
      rows.add(row(result, method, i + 1, positions, front, figures));
      details.add(Map.of("method", method, "rows", readings(result, method)));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", result.benchmark());
    model.put("figures", figures);
    model.put("utility", result.utility());
    model.put("seeds", result.seeds().size());
    model.put("grid", result.learningRates().stream().map(StudyTable::rate).toList());
    model.put("target", models(result.target(), figures));
    model.put("retrained", models(result.retrained(), figures));
    model.put("rows", rows);
    model.put(
        "plot",
        marks.isEmpty()
            ? ""
            : new ScatterChart("Forgetting against utility, " + result.benchmark(), marks).svg());
    model.put("details", details);
    model.put("tuning", tuning(result));
    model.put("fold_figures", StudyTable.foldFigures(result));
    model.put("folds", folds(result));
    return model;
  }

  private static Map<String, Object> row(
      BenchmarkResult result,
      String method,
      int number,
      List<RelativePosition> positions,
      long front,
      List<String> figures) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("number", number);
    row.put("style", "m" + ((number - 1) % 12 + 1));
    row.put("method", method);
    row.put("rate", StudyTable.rate(result.chosen().get(method)));
    row.put(
        "ranges",
        List.of(
            parts(StudyTable.range(positions, RelativePosition::forgetting)),
            parts(StudyTable.range(positions, RelativePosition::utility))));
    row.put("front", front > 0 ? front + " of " + positions.size() : "");
    List<Map<String, Object>> cells = new ArrayList<>();
    for (String name : figures) {
      TwoSided reading = result.readings(method).get(name);
      Figure figure = result.figures(method).get(name);
      cells.add(
          Map.of(
              "value", figure == null ? "" : StudyTable.number(figure.mean()),
              "bounds", figure == null ? "" : StudyTable.bounds(figure),
              "words", reading == null ? "" : reading.verdict().words(),
              "style", reading == null ? "" : style(reading.verdict())));
    }
    row.put("cells", cells);
    return row;
  }

  /** Splits a range into the mean and the text in brackets after it. */
  private static List<String> parts(String range) {
    int bracket = range.indexOf(" (");
    return bracket < 0
        ? List.of(range, "")
        : List.of(range.substring(0, bracket), range.substring(bracket + 1));
  }

  private static String style(TwoSided.Verdict verdict) {
    return switch (verdict) {
      case AS_RETRAINED, KEPT, GAINED -> "good";
      case NOT_FORGOTTEN, OVER_FORGOTTEN, LOST, CHANGED -> "bad";
      case PARTLY_FORGOTTEN -> "part";
      case NOTHING_TO_FORGET, NONE -> "";
    };
  }

  private static List<Map<String, String>> models(Map<String, Figure> found, List<String> figures) {
    return figures.stream()
        .map(found::get)
        .map(
            figure ->
                figure == null
                    ? Map.of("value", "", "bounds", "")
                    : Map.of(
                        "value",
                        StudyTable.number(figure.mean()),
                        "bounds",
                        StudyTable.bounds(figure)))
        .toList();
  }

  private static List<String> cells(Map<String, Figure> found, List<String> figures) {
    return figures.stream()
        .map(name -> found.containsKey(name) ? StudyTable.interval(found.get(name)) : "")
        .toList();
  }

  private static List<Map<String, Object>> readings(BenchmarkResult result, String method) {
    List<Map<String, Object>> rows = new ArrayList<>();
    result
        .readings(method)
        .forEach(
            (name, reading) ->
                rows.add(
                    Map.of(
                        "name", name,
                        "target", StudyTable.interval(reading.target()),
                        "unlearned", StudyTable.interval(reading.unlearned()),
                        "retrained", StudyTable.interval(reading.retrained()),
                        "words", reading.verdict().words(),
                        "style", style(reading.verdict()))));
    return rows;
  }

  private static List<Map<String, Object>> folds(BenchmarkResult result) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (FoldCell fold : result.folds()) {
      rows.add(
          Map.of(
              "method", fold.cell().method(),
              "kind", fold.kind(),
              "fold", fold.fold(),
              "failure", fold.cell().failure().orElse(""),
              "cells", cells(fold.cell().figures(), StudyTable.foldFigures(result))));
    }
    return rows;
  }

  private static List<Map<String, Object>> tuning(BenchmarkResult result) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Cell cell : result.cells()) {
      RelativePosition position = result.position(cell);
      rows.add(
          Map.of(
              "method", cell.method(),
              "rate", StudyTable.rate(cell.learningRate()),
              "seed", cell.seed(),
              "forgetting", StudyTable.number(position.forgetting()),
              "utility", StudyTable.number(position.utility()),
              "score", cell.failure().orElse(StudyTable.number(position.score())),
              "seconds", String.valueOf(Math.round(cell.seconds()))));
    }
    return rows;
  }
}
