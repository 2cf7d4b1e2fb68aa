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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
   * @param figures means of the metrics that every row has
   * @param notMeasured metrics that some rows lack. A metric that no row has is absent if nothing
   *     in the rows calls for it
   */
  public record GroupFigures(
      long count, long tokens, Map<Metric, Figure> figures, Map<Metric, NotMeasured> notMeasured) {
    public GroupFigures {
      EnumMap<Metric, Figure> copy = new EnumMap<>(Metric.class);
      copy.putAll(figures);
      figures = Collections.unmodifiableMap(copy);
      EnumMap<Metric, NotMeasured> reasons = new EnumMap<>(Metric.class);
      reasons.putAll(notMeasured);
      notMeasured = Collections.unmodifiableMap(reasons);
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
    Map<Metric, NotMeasured> notMeasured = new EnumMap<>(Metric.class);
    List<Metric> measured = new ArrayList<>();
    List<double[]> columns = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      double[] values = rows.stream().flatMapToDouble(row -> row.metric(metric).stream()).toArray();
      if (values.length == rows.size()) {
        measured.add(metric);
        columns.add(values);
      } else {
        missing(rows, metric, values.length).ifPresent(why -> notMeasured.put(metric, why));
      }
    }
    List<Figure> found = Figure.ofColumns(columns, seed);
    for (int i = 0; i < measured.size(); i++) {
      figures.put(measured.get(i), found.get(i));
    }
    return new GroupFigures(
        rows.size(), rows.stream().mapToLong(EvaluationRow::tokens).sum(), figures, notMeasured);
  }

  private static Optional<NotMeasured> missing(
      List<EvaluationRow> rows, Metric metric, int measured) {
    return rows.stream()
        .filter(row -> row.metric(metric).isEmpty())
        .map(row -> NotMeasured.Reason.of(row, metric))
        .filter(reason -> measured > 0 || reason.isOfTheRow())
        .findFirst()
        .map(reason -> new NotMeasured(reason, rows.size() - measured, rows.size()));
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

  /** All measured figures by dotted name, ordered by set, task and metric. */
  public Map<String, Figure> figures() {
    return named(GroupFigures::figures);
  }

  /** All figures by dotted name, measured or not. */
  public EvaluationFigures states() {
    return new EvaluationFigures(
        new TreeMap<>(figures()), new TreeMap<>(named(GroupFigures::notMeasured)));
  }

  private <V> Map<String, V> named(Function<GroupFigures, Map<Metric, V>> values) {
    Map<String, V> named = new LinkedHashMap<>();
    sets.forEach(
        (set, figures) -> {
          values.apply(figures.all()).forEach((m, v) -> named.put(set + "." + m.key(), v));
          figures
              .tasks()
              .forEach(
                  (task, group) ->
                      values
                          .apply(group)
                          .forEach((m, v) -> named.put(set + "." + task + "." + m.key(), v)));
        });
    return Collections.unmodifiableMap(named);
  }

  /**
   * Returns the document summary.json:
   *
   * <pre>{"version": 1, "seed": 42, "sets": {"forget": {"count": 2, "tokens": 9,
   *   "figures": {"loss": {"mean": 1.5, "low": 1.0, "high": 2.0, "count": 2}},
   *   "not_measured": {"rouge-l-recall": {"reason": "cut-short", "rows": 1}},
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
