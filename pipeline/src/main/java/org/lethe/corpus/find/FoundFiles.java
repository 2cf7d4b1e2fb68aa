package org.lethe.corpus.find;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import scala.Tuple2;

/**
 * Writes found rows as a corpus, with the configured names of the fields, and their ids and digests
 * as an exclusion list.
 */
final class FoundFiles
    implements Function2<Integer, Iterator<Tuple2<Long, FoundRow>>, Iterator<Long>> {
  private static final long serialVersionUID = 1;

  /** Folder of the corpus, in the folder of the search. */
  static final String ROWS = "rows";

  /** Folder of the exclusion list, in the folder of the search. */
  static final String EXCLUDE = "exclude";

  /** Columns of the exclusion list. It has no text. */
  static final RowSchema EXCLUSION =
      RowSchema.of(
          "excluded_row", Column.string("digest"), Column.string("id"), Column.string("subjects"));

  private final String folder;
  private final FieldNames names;
  private final List<String> subjects;
  private final Broadcast<SerializableConfiguration> configuration;

  /**
   * @param subjects ids of the subjects, in order
   */
  FoundFiles(
      String folder,
      FieldNames names,
      List<String> subjects,
      Broadcast<SerializableConfiguration> configuration) {
    this.folder = folder;
    this.names = names;
    this.subjects = subjects;
    this.configuration = configuration;
  }

  /** Returns the columns of the corpus. */
  static RowSchema schema(FieldNames names) {
    return RowSchema.of(
        "found_row",
        Column.string(names.id()),
        Column.string(names.prompt()),
        Column.string(names.completion()),
        Column.string(names.task()),
        Column.string("subjects"),
        Column.string("match"));
  }

  @Override
  public Iterator<Long> call(Integer part, Iterator<Tuple2<Long, FoundRow>> rows) {
    if (!rows.hasNext()) {
      return List.<Long>of().iterator();
    }
    Configuration hadoop = configuration.value().value();
    RowSchema schema = schema(names);
    List<Row> excluded = new ArrayList<>();
    Iterator<Row> written =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return rows.hasNext();
          }

          @Override
          public Row next() {
            FoundRow found = rows.next()._2();
            String mentioned =
                String.join(",", found.subjects().stream().map(subjects::get).toList());
            excluded.add(EXCLUSION.row(found.row().digest(), found.row().id(), mentioned));
            return schema.row(
                found.row().id(),
                found.row().prompt(),
                found.row().completion(),
                found.row().task(),
                mentioned,
                match(found));
          }
        };
    String name = String.format(Locale.ROOT, "part-%05d.parquet", part);
    RowFiles.write(schema, written, new Path(new Path(folder, ROWS), name), hadoop);
    RowFiles.write(
        EXCLUSION, excluded.iterator(), new Path(new Path(folder, EXCLUDE), name), hadoop);
    return List.of((long) excluded.size()).iterator();
  }

  private static String match(FoundRow found) {
    if (found.subjects().isEmpty()) {
      return "near-duplicate";
    }
    return found.nearDuplicate() ? "name,near-duplicate" : "name";
  }
}
