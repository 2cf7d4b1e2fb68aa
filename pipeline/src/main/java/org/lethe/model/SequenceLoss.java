package org.lethe.model;

/**
 * A loss that is a function of the summed negative log-likelihoods of whole completions, alone or
 * in groups of neighbours.
 */
@FunctionalInterface
public interface SequenceLoss {
  /** How many sequences of the batch, one after the other, make up a group; divides the batch. */
  default int groupSize() {
    return 1;
  }

  /**
   * The loss of one group.
   *
   * @param group counted from 0 in batch order
   * @param sums negative log-likelihoods in nats, one per sequence of the group
   * @param slopes to be filled with dLoss/dsum
   */
  double apply(int group, double[] sums, double[] slopes);
}
