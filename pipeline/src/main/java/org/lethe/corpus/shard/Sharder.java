package org.lethe.corpus.shard;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.RowEncoder;
import org.lethe.error.LetheException;
import org.lethe.spark.SparkJob;

/**
 * Turns corpora into shards. Reads and checks every row, quarantines malformed rows, finds
 * duplicates and overlap by digest, samples the retain corpus, encodes the chosen rows, and divides
 * them among workers by tokens.
 *
 * <p>The same inputs, settings and seed give the same bytes, whatever the number of tasks. Digest
 * and length decide a row's shard; seed and digest decide its position in the shard.
 *
 * <p>Executors do the work; {@link ShardRun} describes the jobs. The driver holds file names,
 * counts and samples, so its memory does not depend on the number of rows.
 */
public final class Sharder {
  private static final Grain GRAIN = new Grain(32L << 20, 200_000);

  private final SparkSession session;
  private final RowEncoder.Source encoder;
  private final Grain grain;

  /**
   * The amount of work of one task. Decides nothing about the result.
   *
   * @param splitBytes bytes of a JSON Lines file that one task reads
   * @param rows chosen rows that one task of the shuffle of lengths gets
   */
  record Grain(long splitBytes, long rows) {}

  /**
   * Creates a sharder.
   *
   * @param encoder source of encoders; every task that encodes opens one
   */
  public Sharder(SparkSession session, RowEncoder.Source encoder) {
    this(session, encoder, GRAIN);
  }

  Sharder(SparkSession session, RowEncoder.Source encoder, Grain grain) {
    this.session = session;
    this.encoder = encoder;
    this.grain = grain;
  }

  /**
   * Writes {@code forget/worker-NNNNN.parquet} and {@code retain/worker-NNNNN.parquet} for every
   * worker into the folder, {@code report.json}, and {@code quarantine/*.parquet} if there are
   * malformed rows. A worker may get a shard without rows. Deletes files of an earlier attempt
   * first.
   *
   * @param folder the run's {@code shards} folder
   * @throws LetheException INPUT if a corpus cannot be read, is empty, has too many malformed rows,
   *     lacks the configured fields, or overlaps with the other one against the settings
   */
  public ShardReport run(ShardSettings settings, Path folder) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      return SparkJob.run(
          context,
          "shard the corpora",
          () -> {
            try (ShardRun run =
                new ShardRun(context, configuration, settings, encoder, folder, grain)) {
              return run.run(Inputs.find(context, configuration, settings, grain.splitBytes()));
            }
          });
    } finally {
      configuration.destroy();
    }
  }
}
