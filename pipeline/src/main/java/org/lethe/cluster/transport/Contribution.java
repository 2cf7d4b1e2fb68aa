package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * Result of a worker's round.
 *
 * @param report losses, figures and times
 * @param vectors to average; empty if the worker had nothing to train on or its numbers are invalid
 */
public record Contribution<R extends Serializable>(R report, Optional<Vectors> vectors) {
  /**
   * Vectors to average. The transport reads them after {@link RoundWork#run} has returned.
   *
   * @param weight in a mean or sum
   * @param vectors of equal length
   * @param owner of their memory
   */
  public record Vectors(double weight, List<FlatVector> vectors, Owner owner) {}

  /** Owner of a contribution's memory. By default the memory is free when the task ends. */
  public interface Owner {
    /** Extends the vectors' life beyond the end of the task, until {@link #release}. */
    void keep();

    /** Ends the life of vectors that were kept. */
    void release();
  }
}
