package org.lethe.jobs.command;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** Hadoop's configuration before Spark has started: its files, and Spark's settings for it. */
final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private HadoopSettings() {}

  /**
   * Returns the configuration.
   *
   * @param settings of lethe.spark.settings, above those of spark-submit
   */
  static Configuration of(Map<String, String> settings) {
    Configuration hadoop = new Configuration();
    for (Tuple2<String, String> setting : new SparkConf().getAll()) {
      add(hadoop, setting._1(), setting._2());
    }
    settings.forEach((key, value) -> add(hadoop, key, value));
    return hadoop;
  }

  private static void add(Configuration hadoop, String key, String value) {
    if (key.startsWith(PREFIX)) {
      hadoop.set(key.substring(PREFIX.length()), value);
    }
  }
}
