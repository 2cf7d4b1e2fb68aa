package org.lethe.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.input.Defect;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.JsonRecords;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.corpus.shard.ShardReport.QuarantinedRow;
import scala.Tuple2;

/** Writes the quarantine file of one corpus if it has unusable rows. */
final class QuarantineTask
    implements Function2<
        Integer, Iterator<Tuple2<GroupKey, InputRow>>, Iterator<QuarantineTask.Written>> {
  private static final long serialVersionUID = 1;

  /** The columns of a quarantine file. */
  static final RowSchema SCHEMA =
      RowSchema.of(
          "quarantined_row",
          Column.string("file"),
          Column.integer("line"),
          Column.string("id"),
          Column.string("reason"),
          Column.bytes("raw"));

  /** The first rows of a written quarantine file. */
  record Written(CorpusSet set, List<QuarantinedRow> examples) implements Serializable {}

  private final String folder;
  private final Broadcast<SerializableConfiguration> configuration;
  private final FieldNames names;
  private final List<List<String>> paths;

  /**
   * Creates the task.
   *
   * @param paths input files of each corpus
   */
  QuarantineTask(
      String folder,
      Broadcast<SerializableConfiguration> configuration,
      FieldNames names,
      List<List<String>> paths) {
    this.folder = folder;
    this.configuration = configuration;
    this.names = names;
    this.paths = paths;
  }

  @Override
  public Iterator<Written> call(Integer number, Iterator<Tuple2<GroupKey, InputRow>> rows) {
    if (!rows.hasNext()) {
      return List.<Written>of().iterator();
    }
    CorpusSet set = CorpusSet.values()[number];
    Converted converted = new Converted(set, rows);
    RowFiles.write(
        SCHEMA,
        converted,
        new Path(folder, "quarantine/" + set.label() + ".parquet"),
        configuration.value().value());
    return List.of(new Written(set, converted.examples)).iterator();
  }

  private final class Converted implements Iterator<Row> {
    private final CorpusSet set;
    private final Iterator<Tuple2<GroupKey, InputRow>> in;
    private final List<QuarantinedRow> examples = new ArrayList<>();

    Converted(CorpusSet set, Iterator<Tuple2<GroupKey, InputRow>> in) {
      this.set = set;
      this.in = in;
    }

    @Override
    public boolean hasNext() {
      return in.hasNext();
    }

    @Override
    public Row next() {
      InputRow row = in.next()._2();
      if (row instanceof InputRow.Accepted accepted) {
        // The row itself is valid, but its id is taken.
        return row(
            row,
            accepted.row().id(),
            Defect.DUPLICATE_ID.label(),
            JsonRecords.toBytes(names, accepted.row()));
      }
      InputRow.Rejected rejected = (InputRow.Rejected) row;
      return row(row, rejected.id(), rejected.reason(), rejected.raw());
    }

    private Row row(InputRow row, String id, String reason, byte[] raw) {
      String file = paths.get(set.ordinal()).get(row.place().file());
      if (examples.size() < ReportMaker.MOST_EXAMPLES) {
        examples.add(new QuarantinedRow(file, row.place().line(), id, reason));
      }
      return SCHEMA.row(file, row.place().line(), id, reason, raw);
    }
  }
}
