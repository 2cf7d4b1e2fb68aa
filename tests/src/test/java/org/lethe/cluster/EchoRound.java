package org.lethe.cluster;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.lethe.cluster.WorkerReport.StepFigures;
import org.lethe.objective.LossSum;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import scala.Tuple2;

/** A round through {@link ClusterTransport} whose workers return the state without training. */
public final class EchoRound {
  private static final ConcurrentHashMap<Integer, List<INDArray>> VECTORS =
      new ConcurrentHashMap<>();

  private EchoRound() {}

  /** Seconds of the three phases of a round. */
  public record Seconds(double broadcast, double workers, double fetch) {}

  /** Sends the state to the workers, averages what they return and fetches the average. */
  public static Seconds run(JavaSparkContext spark, List<INDArray> state, int workers) {
    long start = System.nanoTime();
    try (ClusterTransport transport = new ClusterTransport(spark, state, workers)) {
      long sent = System.nanoTime();
      transport.runWorkers(
          new Echo(transport.handle(), state.get(0).length()), Averaging.PARAMETERS, state);
      long worked = System.nanoTime();
      transport.fetch(state);
      long fetched = System.nanoTime();
      return new Seconds((sent - start) * 1e-9, (worked - sent) * 1e-9, (fetched - worked) * 1e-9);
    }
  }

  /** Returns parameters and both moments of AdamW, with random values. */
  public static List<INDArray> vectors(long parameters) {
    return Stream.generate(() -> Nd4j.rand(DataType.FLOAT, parameters)).limit(3).toList();
  }

  /** A worker that computes nothing. */
  private record Echo(StateHandle state, long parameters)
      implements PairFlatMapFunction<Iterator<Integer>, Integer, Piece> {
    @Override
    public Iterator<Tuple2<Integer, Piece>> call(Iterator<Integer> workers) {
      int worker = workers.next();
      List<INDArray> local = VECTORS.computeIfAbsent(worker, w -> vectors(parameters));
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
