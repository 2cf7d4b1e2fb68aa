package org.lethe.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.NotMeasured;
import org.lethe.evaluation.attack.AttackRow;
import org.lethe.evaluation.attack.Quantity;

/**
 * The file rows.parquet of attacks: one column for each field of {@link AttackRow} and an optional
 * one for each {@link Quantity}. It contains text of the corpora and of the model.
 */
public final class AttackRows {
  public static final RowSchema SCHEMA =
      RowSchema.of(
          "attack_row",
          Stream.concat(
                  Stream.of(
                      Column.string("attack"),
                      Column.integer("variant"),
                      Column.string("set"),
                      Column.string("id"),
                      Column.integer("tokens"),
                      Column.string("expected").optional(),
                      Column.string("generated").optional(),
                      Column.string("missing").optional()),
                  Stream.of(Quantity.values())
                      .map(quantity -> Column.real(quantity.column()).optional()))
              .toArray(Column[]::new));

  private AttackRows() {}

  /**
   * Writes the rows in {@link AttackRow#ORDER}, so the bytes do not depend on which worker computed
   * them.
   */
  public static void write(Collection<AttackRow> rows, Path file, Configuration configuration) {
    RowFiles.write(
        SCHEMA,
        rows.stream().sorted(AttackRow.ORDER).map(AttackRows::toRow).iterator(),
        file,
        configuration);
  }

  /** - */
  public static List<AttackRow> read(Path file, Configuration configuration) {
    return RowFiles.read(SCHEMA, file, configuration, AttackRows::fromRow);
  }

  private static Row toRow(AttackRow row) {
    List<Object> values = new ArrayList<>();
    values.addAll(
        List.of(
            row.attack(),
            (long) row.variant(),
            row.set(),
            row.id(),
            row.tokens(),
            row.texts().map(AttackRow.Texts::expected),
            row.texts().map(AttackRow.Texts::generated),
            row.missing().map(NotMeasured.Reason::key)));
    for (Quantity quantity : Quantity.values()) {
      values.add(row.quantity(quantity).stream().boxed().findFirst());
    }
    return SCHEMA.row(values.toArray());
  }

  private static AttackRow fromRow(Row row) {
    Map<Quantity, Double> quantities = new EnumMap<>(Quantity.class);
    for (Quantity quantity : Quantity.values()) {
      row.optionalReal(quantity.column()).ifPresent(value -> quantities.put(quantity, value));
    }
    Optional<String> expected = row.optionalString("expected");
    Optional<String> generated = row.optionalString("generated");
    return new AttackRow(
        row.string("attack"),
        Math.toIntExact(row.integer("variant")),
        row.string("set"),
        row.string("id"),
        row.integer("tokens"),
        expected.isPresent() && generated.isPresent()
            ? Optional.of(new AttackRow.Texts(expected.get(), generated.get()))
            : Optional.empty(),
        quantities,
        row.optionalString("missing").map(AttackRows::reason));
  }

  private static NotMeasured.Reason reason(String key) {
    return NotMeasured.Reason.ofKey(key)
        .orElseThrow(() -> EvaluationErrors.unreadableSummary("unknown reason " + key));
  }
}
