package org.lethe.cluster.transport;

import java.io.Serializable;
import java.util.List;
import org.lethe.compute.FlatVector;

/**
 * Result of a worker's round.
 *
 * @param report losses, figures and times
 * @param weight of the vectors in a mean or sum; 0 if the worker had nothing to train on or its
 *     numbers are invalid
 * @param vectors of equal length. The transport reads them after {@link RoundWork#run} has returned
 * @param owner of their memory
 */
public record Contribution<R extends Serializable>(
    R report, double weight, List<FlatVector> vectors, Owner owner) {

  /** Owner of a contribution's memory. By default the memory is free when the task ends. */
  public interface Owner {
    /** Extends the vectors' life beyond the end of the task, until {@link #release}. */
    void keep();

    /** Ends the life of vectors that were kept. */
    void release();

    /**
     * Names the state that the vectors now hold, so that a later task of this process finds them.
     */
    void hold(String state);
  }
}
