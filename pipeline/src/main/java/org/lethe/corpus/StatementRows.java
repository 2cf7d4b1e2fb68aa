package org.lethe.corpus;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.reveal.oracle.StatementModel.Statement;

/** Files of statements to score, in the given order. Their texts are personal data. */
public final class StatementRows {
  static final RowSchema SCHEMA =
      RowSchema.of("statement", Column.string("prompt"), Column.string("text"));

  private StatementRows() {}

  public static void write(List<Statement> statements, Path file, Configuration hadoop) {
    RowFiles.write(
        SCHEMA,
        statements.stream().map(s -> SCHEMA.row(s.prompt(), s.text())).iterator(),
        file,
        hadoop);
  }

  /** - */
  public static List<Statement> read(Path file, Configuration hadoop) {
    return RowFiles.read(
        SCHEMA, file, hadoop, row -> new Statement(row.string("prompt"), row.string("text")));
  }
}
