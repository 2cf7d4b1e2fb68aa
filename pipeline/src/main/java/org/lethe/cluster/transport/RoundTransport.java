package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;

/**
 * Moves one round's vectors to the workers and back. All implementations give the same bytes.
 *
 * @param <R> type of the workers' reports
 */
public sealed interface RoundTransport<R extends Serializable> extends AutoCloseable
    permits ClusterTransport, PeerTransport, SharedMemory {
  /**
   * Runs the workers and returns their reports in the order of their indices.
   *
   * @param reduction how {@link #fetch} combines the workers' vectors
   * @param results vectors of the shapes that each worker contributes; not written yet
   */
  List<R> runWorkers(RoundWork<R> work, Reduction reduction, List<FlatVector> results);

  /**
   * Writes the combined vectors of all workers into the results, unless only the workers need them.
   */
  void fetch(List<FlatVector> results);

  @Override
  void close();
}
