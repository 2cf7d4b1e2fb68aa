package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.stream.Stream;
import scala.Tuple2;

/** A worker's end of a {@link RoundTransport}: receives the state and hands over the result. */
interface WorkerEnd extends StateHandle {
  /**
   * Hands over a worker's vectors, if their weight is above 0. They are read when the returned
   * stream is read, not before.
   *
   * @return what the task returns besides its report
   */
  <R extends Serializable> Stream<Tuple2<Integer, Message<R>>> contribute(
      int worker, Contribution<R> contribution);
}
