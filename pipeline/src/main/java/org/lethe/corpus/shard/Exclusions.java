package org.lethe.corpus.shard;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import scala.Tuple2;

/** Reads the digests of an exclusion list, for the shuffle by digest. */
final class Exclusions implements PairFlatMapFunction<String, GroupKey, byte[]> {
  private static final long serialVersionUID = 1;
  private static final RowSchema SCHEMA = RowSchema.of("excluded_row", Column.string("digest"));

  private final Broadcast<SerializableConfiguration> configuration;

  Exclusions(Broadcast<SerializableConfiguration> configuration) {
    this.configuration = configuration;
  }

  @Override
  public Iterator<Tuple2<GroupKey, byte[]>> call(String file) {
    List<Tuple2<GroupKey, byte[]>> rows = new ArrayList<>();
    RowFiles.forEach(
        SCHEMA,
        new Path(file),
        configuration.value().value(),
        row ->
            rows.add(
                new Tuple2<>(
                    new GroupKey(
                        GroupKey.bytes(row.string("digest")), DigestGroups.EXCLUSIONS, 0, 0),
                    new byte[1])));
    return rows.iterator();
  }
}
