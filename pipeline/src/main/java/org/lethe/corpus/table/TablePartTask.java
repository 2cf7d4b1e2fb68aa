package org.lethe.corpus.table;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.store.FileSystems;

/** Writes one partition of a table as a row file. The first file may have no rows. */
final class TablePartTask implements Function2<Integer, Iterator<Row>, Iterator<TablePart>> {
  private static final long serialVersionUID = 1;

  private final String folder;
  private final List<String> columns;
  private final Broadcast<SerializableConfiguration> configuration;

  TablePartTask(
      String folder, List<String> columns, Broadcast<SerializableConfiguration> configuration) {
    this.folder = folder;
    this.columns = List.copyOf(columns);
    this.configuration = configuration;
  }

  @Override
  public Iterator<TablePart> call(Integer part, Iterator<Row> rows) {
    if (part > 0 && !rows.hasNext()) {
      return List.<TablePart>of().iterator();
    }
    RowSchema schema =
        RowSchema.of(
            "table_row",
            columns.stream().map(name -> Column.string(name).optional()).toArray(Column[]::new));
    String name = String.format(Locale.ROOT, "part-%05d.parquet", part);
    Path file = new Path(folder, name);
    Configuration hadoop = configuration.value().value();
    Converted converted = new Converted(schema, rows);
    RowFiles.write(schema, converted, file, hadoop);
    return List.of(new TablePart(name, converted.count, digest(file, hadoop))).iterator();
  }

  private static String digest(Path file, Configuration hadoop) {
    try {
      return Digests.ofFile(FileSystems.of(file, hadoop), file);
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private static final class Converted implements Iterator<org.lethe.corpus.rows.Row> {
    private final RowSchema schema;
    private final Iterator<Row> rows;
    private long count;

    Converted(RowSchema schema, Iterator<Row> rows) {
      this.schema = schema;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public org.lethe.corpus.rows.Row next() {
      Row row = rows.next();
      Object[] values = new Object[row.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Optional.ofNullable(row.getString(i));
      }
      count++;
      return schema.row(values);
    }
  }
}
