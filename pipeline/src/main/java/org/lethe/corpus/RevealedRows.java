package org.lethe.corpus;

import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.reveal.RevealedRow;

/** Writes the revealed corpus as a file that the sharder reads. */
public final class RevealedRows {
  private RevealedRows() {}

  /**
   * Writes rows in the order of their ids, with the configured field names of the other corpora.
   */
  public static void write(
      List<RevealedRow> rows, FieldNames fields, Path file, Configuration hadoop) {
    RowSchema schema =
        RowSchema.of(
            "revealed_row",
            Column.string(fields.id()),
            Column.string(fields.prompt()),
            Column.string(fields.completion()),
            Column.string(fields.task()));
    RowFiles.write(
        schema,
        rows.stream()
            .sorted(Comparator.comparing(RevealedRow::id))
            .map(row -> schema.row(row.id(), row.input(), row.output(), row.task()))
            .iterator(),
        file,
        hadoop);
  }
}
