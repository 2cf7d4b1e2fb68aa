package org.lethe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.lethe.cluster.transport.EchoRound;
import org.lethe.cluster.transport.Recipients;
import org.lethe.cluster.wire.Exchange.Traffic;
import org.lethe.cluster.wire.Secret.Protection;
import org.lethe.compute.FlatVector;

/**
 * Measures rounds without the workers' computation, on all paths in turn: through the driver, among
 * the workers, and among the workers with the averages to the driver. Prints the bytes that each
 * process sent. Run by hand; asserts nothing.
 *
 * <p>Arguments: executors, parameters, rounds, AUTHENTICATED or ENCRYPTED, AVERAGED or LOCAL
 * moments of AdamW.
 */
final class TransportBenchmark {
  private TransportBenchmark() {}

  public static void main(String[] arguments) throws InterruptedException {
    int workers = Integer.parseInt(arguments[0]);
    long parameters = Long.parseLong(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    try (JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(
            SparkSession.builder()
                .master("local-cluster[%d,1,1024]".formatted(workers))
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config(
                    "spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0")
                .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                .config("spark.broadcast.compress", "false")
                .config("spark.shuffle.compress", "false")
                .config("spark.driver.maxResultSize", "0")
                .getOrCreate()
                .sparkContext())) {
      while (spark.sc().statusTracker().getExecutorInfos().length <= workers) {
        Thread.sleep(100);
      }
      List<FlatVector> state = EchoRound.vectors(parameters, arguments[4].equals("LOCAL") ? 1 : 3);
      EchoRound echo = new EchoRound(spark, state, workers, Protection.valueOf(arguments[3]));
      List<Traffic> traffic = new ArrayList<>();
      List<double[]> seconds = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        EchoRound.Seconds general = echo.general();
        EchoRound.Seconds peers = echo.peers(Recipients.WORKERS, new ArrayList<>());
        traffic.clear();
        EchoRound.Seconds both = echo.peers(Recipients.DRIVER_AND_WORKERS, traffic);
        System.out.printf(
            Locale.ROOT,
            "round %d: through the driver %.3f s (broadcast %.3f, workers %.3f, fetch %.3f), among"
                + " workers %.3f s, with the averages to the driver %.3f s%n",
            round,
            general.total(),
            general.broadcast(),
            general.workers(),
            general.fetch(),
            peers.total(),
            both.total());
        seconds.add(new double[] {general.total(), peers.total(), both.total()});
      }
      summary(seconds.subList(Math.min(3, rounds - 1), rounds));
      for (int worker = 0; worker < workers; worker++) {
        System.out.printf(
            Locale.ROOT,
            "worker %d sends %s bytes to workers, %d to the driver%n",
            worker,
            traffic.get(worker).toWorkers(),
            traffic.get(worker).toDriver());
      }
    }
  }

  /** Prints the median, least and most seconds of the later rounds for each path. */
  private static void summary(List<double[]> rounds) {
    List<String> paths =
        List.of(
            "through Spark and the driver",
            "among the workers",
            "among the workers, averages to the driver");
    for (int path = 0; path < paths.size(); path++) {
      int index = path;
      double[] sorted = rounds.stream().mapToDouble(round -> round[index]).sorted().toArray();
      System.out.printf(
          Locale.ROOT,
          "%s,%.3f,%.3f,%.3f%n",
          paths.get(path),
          sorted[sorted.length / 2],
          sorted[0],
          sorted[sorted.length - 1]);
    }
  }
}
