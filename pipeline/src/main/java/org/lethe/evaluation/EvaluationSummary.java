package org.lethe.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.EvaluationErrors;

/**
 * The means of an evaluation's rows, per set and per task. Contains no text.
 *
 * @param seed seed of the confidence intervals
 * @param sets figures by set
 */
public record EvaluationSummary(long seed, SortedMap<String, SetFigures> sets) {

  /**
   * Figures of a group of rows.
   *
   * @param count number of rows
   * @param tokens completion tokens of all rows
   * @param figures means of the metrics that at least one row has
   */
  public record GroupFigures(long count, long tokens, Map<Metric, Figure> figures) {
    public GroupFigures {
      EnumMap<Metric, Figure> copy = new EnumMap<>(Metric.class);
      copy.putAll(figures);
      figures = Collections.unmodifiableMap(copy);
    }
  }

  /**
   * One set.
   *
   * @param all figures over all its rows
   * @param tasks figures over the rows of each task, if the data has tasks
   */
  public record SetFigures(GroupFigures all, SortedMap<String, GroupFigures> tasks) {
    public SetFigures {
      tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
    }
  }

  public EvaluationSummary {
    sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
  }

  /** Summarises rows, in any order. The same rows and seed give the same summary. */
  public static EvaluationSummary of(Collection<EvaluationRow> rows, long seed) {
    SortedMap<String, List<EvaluationRow>> bySet = new TreeMap<>();
    rows.stream()
        .sorted(EvaluationRow.ORDER)
        .forEach(row -> bySet.computeIfAbsent(row.set(), s -> new ArrayList<>()).add(row));
    SortedMap<String, SetFigures> sets = new TreeMap<>();
    bySet.forEach((set, members) -> sets.put(set, figuresOfSet(members, seed)));
    return new EvaluationSummary(seed, sets);
  }

  private static SetFigures figuresOfSet(List<EvaluationRow> rows, long seed) {
    SortedMap<String, List<EvaluationRow>> byTask = new TreeMap<>();
    for (EvaluationRow row : rows) {
      if (!row.task().isEmpty()) {
        byTask.computeIfAbsent(row.task(), t -> new ArrayList<>()).add(row);
      }
    }
    SortedMap<String, GroupFigures> tasks = new TreeMap<>();
    byTask.forEach((task, members) -> tasks.put(task, figuresOf(members, seed)));
    return new SetFigures(figuresOf(rows, seed), tasks);
  }

  private static GroupFigures figuresOf(List<EvaluationRow> rows, long seed) {
    Map<Metric, Figure> figures = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      double[] values = rows.stream().flatMapToDouble(row -> row.metric(metric).stream()).toArray();
      if (values.length > 0) {
        figures.put(metric, Figure.of(values, seed));
      }
    }
    return new GroupFigures(
        rows.size(), rows.stream().mapToLong(EvaluationRow::tokens).sum(), figures);
  }

  /**
   * Returns the figure with a dotted name: {@code SET.METRIC} over all rows of a set or {@code
   * SET.TASK.METRIC} over the rows of a task, such as {@code forget.rouge-l-recall}. A task's name
   * may itself contain dots.
   *
   * @throws org.lethe.error.LetheException USAGE if there is no such figure; the message lists the
   *     known ones
   */
  public Figure figure(String name) {
    Figure figure = figures().get(name);
    if (figure == null) {
      throw EvaluationErrors.unknownFigure(name, figures().keySet());
    }
    return figure;
  }

  /** All figures by dotted name, ordered by set, task and metric. */
  public Map<String, Figure> figures() {
    Map<String, Figure> named = new LinkedHashMap<>();
    sets.forEach(
        (set, figures) -> {
          figures.all().figures().forEach((m, f) -> named.put(set + "." + m.key(), f));
          figures
              .tasks()
              .forEach(
                  (task, group) ->
                      group
                          .figures()
                          .forEach((m, f) -> named.put(set + "." + task + "." + m.key(), f)));
        });
    return Collections.unmodifiableMap(named);
  }

  /** All means by dotted name, for gates and reports. */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    figures().forEach((name, figure) -> means.put(name, figure.mean()));
    return Collections.unmodifiableMap(means);
  }

  /**
   * Returns the document summary.json:
   *
   * <pre>{"version": 1, "seed": 42, "sets": {"forget": {"count": 2, "tokens": 9,
   *   "figures": {"loss": {"mean": 1.5, "low": 1.0, "high": 2.0, "count": 2}},
   *   "tasks": {"Task1": {"count": ..., "tokens": ..., "figures": {...}}}}}}</pre>
   */
  public ObjectNode toJson() {
    return EvaluationSummaryJson.write(this);
  }

  /** Reads the document of {@link #toJson}. */
  public static EvaluationSummary fromJson(JsonNode document) {
    return EvaluationSummaryJson.read(document);
  }
}
