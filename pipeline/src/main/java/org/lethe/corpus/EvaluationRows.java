package org.lethe.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;

/**
 * The file rows.parquet of an evaluation: one column for each field of {@link EvaluationRow} and an
 * optional one for each {@link Metric}. It contains text of the corpora and of the model.
 */
public final class EvaluationRows {
  public static final RowSchema SCHEMA =
      RowSchema.of(
          "evaluation_row",
          Stream.concat(
                  Stream.of(
                      Column.string("set"),
                      Column.string("id"),
                      Column.string("task"),
                      Column.string("prompt"),
                      Column.string("expected"),
                      Column.string("generated").optional(),
                      Column.integer("tokens")),
                  Stream.of(Metric.values()).map(metric -> Column.real(metric.column()).optional()))
              .toArray(Column[]::new));

  private EvaluationRows() {}

  /**
   * Writes the rows in {@link EvaluationRow#ORDER}, so the bytes do not depend on which worker
   * computed them.
   */
  public static void write(Collection<EvaluationRow> rows, Path file, Configuration configuration) {
    RowFiles.write(
        SCHEMA,
        rows.stream().sorted(EvaluationRow.ORDER).map(EvaluationRows::toRow).iterator(),
        file,
        configuration);
  }

  /** - */
  public static List<EvaluationRow> read(Path file, Configuration configuration) {
    return RowFiles.read(SCHEMA, file, configuration, EvaluationRows::fromRow);
  }

  /** Passes the rows of a file to the consumer, in order, with one row in memory at a time. */
  public static void forEach(
      Path file, Configuration configuration, Consumer<EvaluationRow> consumer) {
    RowFiles.forEach(SCHEMA, file, configuration, row -> consumer.accept(fromRow(row)));
  }

  private static Row toRow(EvaluationRow row) {
    List<Object> values = new ArrayList<>();
    values.addAll(
        List.of(
            row.set(),
            row.id(),
            row.task(),
            row.prompt(),
            row.expected(),
            row.generated(),
            row.tokens()));
    for (Metric metric : Metric.values()) {
      values.add(row.metric(metric).stream().boxed().findFirst());
    }
    return SCHEMA.row(values.toArray());
  }

  private static EvaluationRow fromRow(Row row) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      row.optionalReal(metric.column()).ifPresent(value -> metrics.put(metric, value));
    }
    return new EvaluationRow(
        row.string("set"),
        row.string("id"),
        row.string("task"),
        row.string("prompt"),
        row.string("expected"),
        row.optionalString("generated"),
        row.integer("tokens"),
        metrics);
  }
}
