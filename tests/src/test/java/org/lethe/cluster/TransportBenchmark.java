package org.lethe.cluster;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.lethe.cluster.WorkerReport.StepFigures;
import org.lethe.objective.LossSum;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import scala.Tuple2;

/**
 * What a round costs besides the workers' computing: broadcast, copies, averaging, fetching, for 15
 * million parameters with AdamW. Run by hand; it asserts nothing.
 */
final class TransportBenchmark {
  private TransportBenchmark() {}

  private static final ConcurrentHashMap<Integer, List<INDArray>> SEATS = new ConcurrentHashMap<>();

  public static void main(String[] arguments) {
    long parameters = 15_000_000;
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
      List<INDArray> state = vectors(parameters);
      for (int round = 0; round < 12; round++) {
        long cpu = cpu();
        long start = System.nanoTime();
        try (ClusterTransport transport = new ClusterTransport(spark, state, workers)) {
          long sent = System.nanoTime();
          transport.runWorkers(
              new Echo(transport.handle(), parameters), Averaging.PARAMETERS, state);
          long worked = System.nanoTime();
          transport.fetch(state);
          long fetched = System.nanoTime();
          System.out.printf(
              "round %d: broadcast %.0f ms, workers %.0f ms, fetch %.0f ms, total %.0f ms, CPU"
                  + " %.0f ms%n",
              round,
              (sent - start) * 1e-6,
              (worked - sent) * 1e-6,
              (fetched - worked) * 1e-6,
              (fetched - start) * 1e-6,
              (cpu() - cpu) * 1e-6);
        }
      }
    }
  }

  /** Of this process, so that other load on the machine does not count. */
  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static List<INDArray> vectors(long parameters) {
    return Stream.generate(() -> Nd4j.rand(DataType.FLOAT, parameters)).limit(3).toList();
  }

  /** A worker that computes nothing. */
  private record Echo(StateHandle state, long parameters)
      implements PairFlatMapFunction<Iterator<Integer>, Integer, Piece> {
    @Override
    public Iterator<Tuple2<Integer, Piece>> call(Iterator<Integer> workers) {
      int worker = workers.next();
      List<INDArray> local = SEATS.computeIfAbsent(worker, w -> vectors(parameters));
      state.writeTo(local);
      WorkerReport report =
          new WorkerReport(
              worker,
              8,
              LossSum.ZERO,
              LossSum.ZERO,
              LossSum.ZERO,
              StepFigures.NONE,
              0,
              8,
              8,
              1,
              0,
              0,
              "");
      ResidentModel.Lease none = null;
      return Stream.<Tuple2<Integer, Piece>>concat(
              Stream.of(new Tuple2<>(Piece.REPORT, new Piece.Report(report))),
              state.contribute(worker, 8, local, none))
          .iterator();
    }
  }
}
