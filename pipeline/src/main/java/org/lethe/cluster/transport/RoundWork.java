package org.lethe.cluster.transport;

import java.io.Serializable;

/**
 * A worker's part of a round. Runs on an executor, inside a Spark task.
 *
 * @param <R> type of the report
 */
@FunctionalInterface
public interface RoundWork<R extends Serializable> extends Serializable {
  /**
   * Computes a worker's contribution. A retried or speculative task calls this again.
   *
   * @param worker index, from 0
   * @param state values that the driver sent
   */
  Contribution<R> run(int worker, StateHandle state);
}
