package org.lethe.cluster;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How one round's vectors get to the workers and back; both ways give the same bytes. */
sealed interface RoundTransport extends AutoCloseable permits ClusterTransport, SharedMemory {
  /**
   * Opens the transport of one round.
   *
   * @param sent what workers receive
   * @param workers tasks of the round
   */
  static RoundTransport open(JavaSparkContext spark, List<INDArray> sent, int workers) {
    // In one JVM vectors need not travel at all. But every contribution then stays in its worker's
    // model until the round is over, so only for as many workers as work at the same time.
    return spark.isLocal() && workers <= spark.defaultParallelism()
        ? new SharedMemory(spark, sent, workers)
        : new ClusterTransport(spark, sent, workers);
  }

  /** What travels inside the task. */
  StateHandle handle();

  /** Runs the workers; reports in their order. */
  List<WorkerReport> runWorkers(WorkerTask task, List<INDArray> results);

  /** Averages or adds the contributions into the results. */
  void fetch(List<INDArray> results);

  @Override
  void close();
}
