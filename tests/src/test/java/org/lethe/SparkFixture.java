package org.lethe;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * One Spark session for all tests of a JVM, {@code local[2]}, without its web pages. Starting a
 * session takes seconds, so nobody stops it; the JVM's end does.
 */
public final class SparkFixture {
  private static final SparkSession SESSION = start();

  private SparkFixture() {}

  private static SparkSession start() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("lethe-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
        .getOrCreate();
  }

  public static SparkSession session() {
    return SESSION;
  }

  public static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SESSION.sparkContext());
  }
}
