package org.lethe.jobs.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.RunErrors;

/** Starts Spark: the session of spark-submit where there is one, otherwise one inside this JVM. */
final class SparkSessions {
  private SparkSessions() {}

  /**
   * The session of this process.
   *
   * @param name of the application; it holds no data
   * @param master embedded, or a master URL; spark-submit's own wins over both
   * @param workers tasks that run at the same time when embedded
   * @param settings of the user, above all others
   */
  static SparkSession open(String name, String master, int workers, Map<String, String> settings) {
    SparkConf conf = new SparkConf().setAppName(name);
    if (!conf.contains("spark.master")) {
      if (master.equals("embedded")) {
        embed(conf, workers);
      } else {
        conf.setMaster(master);
      }
    }
    settings.forEach(conf::set);
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private static void embed(SparkConf conf, int workers) {
    conf.setMaster("local[" + workers + "]")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.ui.enabled", "false")
        .set("spark.ui.showConsoleProgress", "false")
        // The event log would hold job descriptions and plans.
        .set("spark.eventLog.enabled", "false")
        // Shuffle and spill files of the shard job hold text, and outlive a process that is killed.
        .set("spark.io.encryption.enabled", "true")
        .set("spark.sql.warehouse.dir", temporary().toUri().toString())
        // Parameters are random to a compressor: it costs time and saves nothing.
        .set("spark.broadcast.compress", "false")
        .set("spark.shuffle.compress", "false")
        .set("spark.shuffle.spill.compress", "false")
        .set("spark.rdd.compress", "false")
        // Contributions are checked and budgeted by Lethe, chunk by chunk.
        .set("spark.driver.maxResultSize", "0")
        .set("spark.sql.shuffle.partitions", String.valueOf(workers));
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("lethe-warehouse-");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw RunErrors.io("creating", System.getProperty("java.io.tmpdir"), e);
    }
  }
}
