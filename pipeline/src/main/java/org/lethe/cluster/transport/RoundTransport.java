package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.compute.FlatVector;

/**
 * Moves one round's vectors to the workers and back. All implementations give the same bytes.
 *
 * @param <R> type of the workers' reports
 */
public sealed interface RoundTransport<R extends Serializable> extends AutoCloseable
    permits ClusterTransport, SharedMemory {
  /**
   * Opens the transport of one round.
   *
   * @param sent vectors that every worker receives
   * @param workers tasks of the round
   */
  static <R extends Serializable> RoundTransport<R> open(
      JavaSparkContext spark, List<FlatVector> sent, int workers) {
    // Within one JVM no bytes have to move. But each contribution then occupies its worker's model
    // until the round ends, so all workers must fit side by side.
    return spark.isLocal() && workers <= spark.defaultParallelism()
        ? new SharedMemory<>(spark, sent, workers)
        : new ClusterTransport<>(spark, sent, workers);
  }

  /**
   * Runs the workers and returns their reports in the order of their indices.
   *
   * @param reduction how {@link #fetch} combines the workers' vectors
   * @param results vectors of the shapes that each worker contributes; not written yet
   */
  List<R> runWorkers(RoundWork<R> work, Reduction reduction, List<FlatVector> results);

  /** Writes the combined vectors of all workers into the results. */
  void fetch(List<FlatVector> results);

  @Override
  void close();
}
