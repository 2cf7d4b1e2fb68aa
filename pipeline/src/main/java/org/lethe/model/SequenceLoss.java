package org.lethe.model;

/**
 * A loss of the summed negative log-likelihoods of whole completions, one by one or in groups of
 * neighbours.
 */
@FunctionalInterface
public interface SequenceLoss {
  /** Number of neighbouring sequences in a group; divides the batch size. */
  default int groupSize() {
    return 1;
  }

  /**
   * Computes the loss of one group.
   *
   * @param group counted from 0 in batch order
   * @param sums negative log-likelihoods in nats, one per sequence of the group
   * @param slopes filled with dLoss/dsum
   */
  double apply(int group, double[] sums, double[] slopes);
}
