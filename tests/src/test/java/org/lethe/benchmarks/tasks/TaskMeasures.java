package org.lethe.benchmarks.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lethe.tensor.NativeBackend;

/**
 * Measures models of a task on its test rows and appends a line for each figure to a CSV file.
 *
 * <p>Arguments: the CSV file; the beginning of each line (date, commit and machine, separated by
 * commas); the task; the folder of {@link TaskFiles}; then for each model {@code
 * METHOD,PENALTY,ROWS,ITERATION,SEED=DIRECTORY}. Only counts and figures are written, no text.
 */
public final class TaskMeasures {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAD =
      "date,commit,recorded_in,machine,task,method,penalty,rows,iteration,seed,revealed_rows,"
          + "forget_weight,measure,value\n";

  private static final String REVEALED = ",revealed,";

  private TaskMeasures() {}

  public static void main(String[] arguments) throws IOException {
    NativeBackend.prepare();
    Path file = Path.of(arguments[0]);
    String head = arguments[1];
    Task task = Task.of(arguments[2]);
    Path folder = Path.of(arguments[3]);
    if (!Files.exists(file)) {
      Files.writeString(file, HEAD);
    }
    for (String cell : List.of(arguments).subList(4, arguments.length)) {
      String label = cell.substring(0, cell.indexOf('='));
      Path model = Path.of(cell.substring(cell.indexOf('=') + 1)).toAbsolutePath();
      StringBuilder lines = new StringBuilder();
      measures(task, folder, model)
          .forEach(
              (measure, value) ->
                  lines.append(
                      String.format(
                          Locale.ROOT,
                          "%s,%s,%s,%s,%s,%s,%.2f%n",
                          head,
                          task.name(),
                          label,
                          label.contains(REVEALED) ? revealedRows(model) : "",
                          forgetWeight(model),
                          measure,
                          value)));
      Files.writeString(file, lines, StandardOpenOption.APPEND);
    }
  }

  private static Map<String, Double> measures(Task task, Path folder, Path path)
      throws IOException {
    try (TaskModel model = new TaskModel(path, folder.resolve("cache"))) {
      return task.measures(model, rows(folder.resolve(TaskFiles.TEST)));
    }
  }

  /** The share of texts with an entry of the lexicon, and the mean score. */
  static Map<String, Double> toxicity(double[] scores) {
    int toxic = 0;
    double sum = 0;
    for (double score : scores) {
      toxic += score > 0 ? 1 : 0;
      sum += score;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("toxic_percent", 100.0 * toxic / scores.length);
    figures.put("toxicity", sum / scores.length);
    return figures;
  }

  /** F1 in percent by type of the question. */
  static Map<String, Double> tags(List<TaskRow> rows, List<String> answers) {
    Map<String, TagScores> scores = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      scores
          .computeIfAbsent(rows.get(i).task(), type -> new TagScores())
          .add(rows.get(i).output(), answers.get(i));
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    scores.forEach((type, score) -> figures.put(type + "_f1", 100 * score.f1()));
    return figures;
  }

  /** The share of exact answers in percent by task. */
  static Map<String, Double> exact(List<TaskRow> rows, List<String> answers) {
    Map<String, int[]> counts = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      int[] count = counts.computeIfAbsent(rows.get(i).task(), task -> new int[2]);
      count[0] += answers.get(i).equals(rows.get(i).output()) ? 1 : 0;
      count[1]++;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    counts.forEach((task, count) -> figures.put(task + "_percent", 100.0 * count[0] / count[1]));
    return figures;
  }

  static List<TaskRow> rows(Path file) throws IOException {
    List<TaskRow> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode row = JSON.readTree(line);
      rows.add(
          new TaskRow(
              row.path("id").asText(),
              row.path("task").asText(),
              row.path("input").asText(),
              row.path("output").asText()));
    }
    return rows;
  }

  /** Number of revealed training rows of a candidate's run; empty if there is no report. */
  private static String revealedRows(Path model) {
    Path report = model.resolve("../../revealed/report.json").normalize();
    if (!Files.exists(report)) {
      return "";
    }
    int rows = 0;
    for (JsonNode card : json(report).path("cards")) {
      rows += card.path("rows").asInt();
    }
    return String.valueOf(rows);
  }

  /** lambda_f of arithmetic, else empty. */
  private static String forgetWeight(Path model) {
    Path chosen = model.resolveSibling("arithmetic.json");
    return Files.exists(chosen) ? json(chosen).path("forget_weight").asText() : "";
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
