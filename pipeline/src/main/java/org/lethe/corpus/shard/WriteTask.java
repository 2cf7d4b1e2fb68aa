package org.lethe.corpus.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.Defect;
import org.lethe.corpus.input.FieldNames;
import org.lethe.corpus.input.InputRow;
import org.lethe.corpus.input.JsonRecords;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import scala.Tuple2;

/** Writes one output file: a shard, or a quarantine file if it has rows. */
final class WriteTask
    implements Function2<
        Integer, Iterator<Tuple2<WriteTask.Key, InputRow>>, Iterator<WriteTask.Written>> {
  /** The columns of a quarantine file. */
  static final RowSchema QUARANTINE =
      RowSchema.of(
          "quarantined_row",
          Column.string("file"),
          Column.integer("line"),
          Column.string("id"),
          Column.string("reason"),
          Column.bytes("raw"));

  /**
   * The order of rows within an output file.
   *
   * @param target the output file
   * @param order first criterion: the seeded shuffle in shards, 0 in the quarantine
   */
  record Key(int target, long order, String digest, String id, int file, long line)
      implements Comparable<Key>, Serializable {
    @Override
    public int compareTo(Key other) {
      int c = Integer.compare(target, other.target);
      c = c != 0 ? c : Long.compare(order, other.order);
      c = c != 0 ? c : digest.compareTo(other.digest);
      c = c != 0 ? c : id.compareTo(other.id);
      c = c != 0 ? c : Integer.compare(file, other.file);
      return c != 0 ? c : Long.compare(line, other.line);
    }
  }

  /** A written file; its path is relative to the output folder. */
  record Written(int target, String file, long rows, long tokens, String sha256)
      implements Serializable {}

  private final String folder;
  private final OutputNumbers layout;
  private final Broadcast<SerializableConfiguration> configuration;
  private final FieldNames names;
  private final List<List<String>> paths;

  /**
   * Creates the task.
   *
   * @param layout meaning of the numbers of output files
   * @param paths input files of each corpus
   */
  WriteTask(
      String folder,
      OutputNumbers layout,
      Broadcast<SerializableConfiguration> configuration,
      FieldNames names,
      List<List<String>> paths) {
    this.folder = folder;
    this.layout = layout;
    this.configuration = configuration;
    this.names = names;
    this.paths = paths;
  }

  @Override
  public Iterator<Written> call(Integer target, Iterator<Tuple2<Key, InputRow>> rows) {
    boolean quarantine = layout.isQuarantine(target);
    if (quarantine && !rows.hasNext()) {
      return List.<Written>of().iterator();
    }
    String set = layout.set(target).label();
    String name =
        quarantine
            ? "quarantine/" + set + ".parquet"
            : String.format(Locale.ROOT, "%s/worker-%05d.parquet", set, layout.worker(target));
    Path file = new Path(folder, name);
    Configuration hadoop = configuration.value().value();
    Converted converted = new Converted(rows, target);
    RowFiles.write(quarantine ? QUARANTINE : ShardReader.SCHEMA, converted, file, hadoop);
    return List.of(
            new Written(target, name, converted.rows, converted.tokens, digest(file, hadoop)))
        .iterator();
  }

  private static String digest(Path file, Configuration hadoop) {
    try {
      return Digests.ofFile(file.getFileSystem(hadoop), file);
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private final class Converted implements Iterator<Row> {
    private final Iterator<Tuple2<Key, InputRow>> in;
    private final int target;
    private long rows;
    private long tokens;

    Converted(Iterator<Tuple2<Key, InputRow>> in, int target) {
      this.in = in;
      this.target = target;
    }

    @Override
    public boolean hasNext() {
      return in.hasNext();
    }

    @Override
    public Row next() {
      rows++;
      InputRow row = in.next()._2();
      if (row instanceof InputRow.Accepted accepted) {
        if (layout.isQuarantine(target)) {
          // The row itself is valid, but the driver found its id taken.
          return quarantined(
              row,
              accepted.row().id(),
              Defect.DUPLICATE_ID.label(),
              JsonRecords.toBytes(names, accepted.row()));
        }
        tokens += accepted.row().tokens().length;
        return ShardReader.toRow(accepted.row());
      }
      InputRow.Rejected rejected = (InputRow.Rejected) row;
      return quarantined(
          row, rejected.id(), rejected.defect().label(rejected.field()), rejected.raw());
    }

    private Row quarantined(InputRow row, String id, String reason, byte[] raw) {
      String file = paths.get(layout.set(target).ordinal()).get(row.place().file());
      return QUARANTINE.row(file, row.place().line(), id, reason, raw);
    }
  }
}
