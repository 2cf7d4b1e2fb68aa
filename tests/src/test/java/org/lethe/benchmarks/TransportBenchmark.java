package org.lethe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.cluster.transport.EchoRound;
import org.lethe.compute.FlatVector;

/**
 * Measures a round without the workers' computation: broadcast, copies, averaging and fetch of 15
 * million parameters with AdamW. Run by hand; asserts nothing.
 *
 * <p>Arguments: workers, whether Spark compresses (true or false).
 */
final class TransportBenchmark {
  private static final long PARAMETERS = 15_000_000;

  private TransportBenchmark() {}

  public static void main(String[] arguments) {
    int workers = Integer.parseInt(arguments[0]);
    String compress = arguments[1];
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.broadcast.compress", compress)
                .config("spark.shuffle.compress", compress)
                .getOrCreate()
                .sparkContext())) {
      List<FlatVector> state = EchoRound.vectors(PARAMETERS);
      for (int round = 0; round < 12; round++) {
        long cpu = cpu();
        EchoRound.Seconds seconds = EchoRound.run(spark, state, workers);
        System.out.printf(
            "round %d: broadcast %.0f ms, workers %.0f ms, fetch %.0f ms, total %.0f ms, CPU"
                + " %.0f ms%n",
            round,
            seconds.broadcast() * 1e3,
            seconds.workers() * 1e3,
            seconds.fetch() * 1e3,
            (seconds.broadcast() + seconds.workers() + seconds.fetch()) * 1e3,
            (cpu() - cpu) * 1e-6);
      }
    }
  }

  /** CPU time of this process, so that other load on the machine does not count. */
  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
