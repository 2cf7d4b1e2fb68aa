package org.lethe.cluster;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.Column;
import org.lethe.corpus.Row;
import org.lethe.corpus.RowFiles;
import org.lethe.corpus.RowSchema;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;

/**
 * Files of {@link EvaluationRow}s, data-schemas/evaluation-row.schema.json. They hold personal
 * data. The same rows give the same bytes.
 */
public final class EvaluationRowFiles {
  private static final RowSchema SCHEMA = schema();

  private EvaluationRowFiles() {}

  private static RowSchema schema() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.string("set"));
    columns.add(Column.string("id"));
    columns.add(Column.string("task"));
    columns.add(Column.string("prompt"));
    columns.add(Column.string("expected"));
    columns.add(Column.string("generated").optional());
    columns.add(Column.integer("tokens"));
    for (Metric metric : Metric.values()) {
      columns.add(Column.real(metric.column()).optional());
    }
    return RowSchema.of("evaluation_row", columns.toArray(Column[]::new));
  }

  /** Writes rows in {@link EvaluationRow#ORDER}, aside and renamed. */
  public static void write(List<EvaluationRow> rows, Path file, Configuration hadoop) {
    RowFiles.write(
        SCHEMA,
        rows.stream().sorted(EvaluationRow.ORDER).map(EvaluationRowFiles::toRow).iterator(),
        file,
        hadoop);
  }

  /**
   * The rows of a file, in order.
   *
   * @throws org.lethe.error.LetheException INPUT if the file is missing, cut short or of another
   *     schema
   */
  public static List<EvaluationRow> read(Path file, Configuration hadoop) {
    List<EvaluationRow> rows = new ArrayList<>();
    RowFiles.forEach(SCHEMA, file, hadoop, row -> rows.add(fromRow(row)));
    return rows;
  }

  private static Row toRow(EvaluationRow row) {
    List<Object> values = new ArrayList<>();
    values.add(row.set());
    values.add(row.id());
    values.add(row.task());
    values.add(row.prompt());
    values.add(row.expected());
    values.add(row.generated());
    values.add(row.tokens());
    for (Metric metric : Metric.values()) {
      values.add(Optional.ofNullable(row.metrics().get(metric)));
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
