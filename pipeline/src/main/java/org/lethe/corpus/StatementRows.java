package org.lethe.corpus;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.reveal.Span;
import org.lethe.reveal.oracle.StatementModel.Statement;

/** Files of statements to score, in the given order. Their texts are personal data. */
public final class StatementRows {
  static final RowSchema SCHEMA =
      RowSchema.of(
          "statement", Column.string("prompt"), Column.string("text"), Column.integers("facts"));

  private StatementRows() {}

  public static void write(List<Statement> statements, Path file, Configuration hadoop) {
    RowFiles.write(
        SCHEMA,
        statements.stream().map(s -> SCHEMA.row(s.prompt(), s.text(), ends(s.facts()))).iterator(),
        file,
        hadoop);
  }

  /** - */
  public static List<Statement> read(Path file, Configuration hadoop) {
    return RowFiles.read(SCHEMA, file, hadoop, StatementRows::statement);
  }

  private static Statement statement(Row row) {
    int[] ends = row.integers("facts");
    List<Span> facts = new ArrayList<>();
    for (int i = 0; i < ends.length; i += 2) {
      facts.add(new Span(ends[i], ends[i + 1]));
    }
    return new Statement(row.string("prompt"), row.string("text"), facts);
  }

  /** Beginnings and ends in turn. */
  private static int[] ends(List<Span> spans) {
    int[] ends = new int[2 * spans.size()];
    for (int i = 0; i < spans.size(); i++) {
      ends[2 * i] = spans.get(i).from();
      ends[2 * i + 1] = spans.get(i).to();
    }
    return ends;
  }
}
