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
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.store.FileSystems;
import scala.Tuple2;

/** Writes one shard from its rows in order. A shard may have no rows. */
final class WriteTask
    implements Function2<
        Integer, Iterator<Tuple2<OutputKey, Boolean>>, Iterator<WriteTask.Written>> {
  private static final long serialVersionUID = 1;

  /**
   * A written shard.
   *
   * @param target number of the shard among those of both corpora
   * @param file path relative to the output folder
   * @param truncated rows that were cut to the maximum length
   */
  record Written(int target, String file, long rows, long tokens, long truncated, String sha256)
      implements Serializable {}

  private final String folder;
  private final int workers;
  private final Broadcast<SerializableConfiguration> configuration;

  WriteTask(String folder, int workers, Broadcast<SerializableConfiguration> configuration) {
    this.folder = folder;
    this.workers = workers;
    this.configuration = configuration;
  }

  @Override
  public Iterator<Written> call(Integer target, Iterator<Tuple2<OutputKey, Boolean>> rows) {
    String name =
        String.format(
            Locale.ROOT,
            "%s/worker-%05d.parquet",
            CorpusSet.values()[target / workers].label(),
            target % workers);
    Path file = new Path(folder, name);
    Configuration hadoop = configuration.value().value();
    Converted converted = new Converted(rows);
    RowFiles.write(ShardReader.SCHEMA, converted, file, hadoop);
    return List.of(
            new Written(
                target,
                name,
                converted.rows,
                converted.tokens,
                converted.truncated,
                digest(file, hadoop)))
        .iterator();
  }

  private static String digest(Path file, Configuration hadoop) {
    try {
      return Digests.ofFile(FileSystems.of(file, hadoop), file);
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
  }

  private static final class Converted implements Iterator<Row> {
    private final Iterator<Tuple2<OutputKey, Boolean>> in;
    private long rows;
    private long tokens;
    private long truncated;

    Converted(Iterator<Tuple2<OutputKey, Boolean>> in) {
      this.in = in;
    }

    @Override
    public boolean hasNext() {
      return in.hasNext();
    }

    @Override
    public Row next() {
      EncodedRow row = in.next()._1().row();
      rows++;
      tokens += row.length();
      truncated += row.truncated() ? 1 : 0;
      return ShardReader.toRow(row.toRow());
    }
  }
}
