package org.lethe.evaluation;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Measurements of one example. The three texts are personal data: they belong in rows.parquet and
 * nowhere else, and {@code toString} contains none of them.
 *
 * @param set name of the example's set, such as {@code forget} or {@code retain}
 * @param id the row id, safe to log
 * @param task the category from the data, empty if none
 * @param prompt input of the model
 * @param expected the answer in the data
 * @param generated the model's greedy text, stripped; empty if no text was generated
 * @param tokens number of completion tokens that the loss covers
 * @param metrics the row's figures, all finite
 */
public record EvaluationRow(
    String set,
    String id,
    String task,
    String prompt,
    String expected,
    Optional<String> generated,
    long tokens,
    Map<Metric, Double> metrics) {

  /** The order of rows in files and summaries. */
  public static final Comparator<EvaluationRow> ORDER =
      Comparator.comparing(EvaluationRow::set).thenComparing(EvaluationRow::id);

  private static final Pattern SET = Pattern.compile("[a-z][a-z0-9-]*");

  public EvaluationRow {
    if (!SET.matcher(set).matches()) {
      throw new IllegalArgumentException(
          "Invalid set: " + set + ", expected lower-case letters, digits and hyphens");
    }
    Objects.requireNonNull(id);
    Objects.requireNonNull(task);
    Objects.requireNonNull(prompt);
    Objects.requireNonNull(expected);
    Objects.requireNonNull(generated);
    EnumMap<Metric, Double> copy = new EnumMap<>(Metric.class);
    copy.putAll(metrics);
    copy.forEach(
        (metric, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                "Invalid " + metric.key() + ": " + value + ", row " + id);
          }
        });
    metrics = Collections.unmodifiableMap(copy);
  }

  /** Returns the figure of a metric, if the row has it. */
  public OptionalDouble metric(Metric metric) {
    Double value = metrics.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Returns the same row with other figures. */
  EvaluationRow withMetrics(Map<Metric, Double> others) {
    return new EvaluationRow(set, id, task, prompt, expected, generated, tokens, others);
  }

  /** Returns the same row with empty texts, for figures of many rows. */
  public EvaluationRow withoutTexts() {
    return new EvaluationRow(set, id, task, "", "", generated.map(text -> ""), tokens, metrics);
  }

  @Override
  public String toString() {
    return "EvaluationRow[" + set + ", " + id + "]";
  }
}
