package org.lethe.cluster.training;

/** The optimizer's vectors between rounds of averaged parameters. */
public enum Moments {
  /** Averaged over the workers like the parameters, after every round. */
  AVERAGED,
  /**
   * Zero at the start of every round, in every worker. They never leave the worker, and nothing
   * outlives a round, so a retried task, another executor and a resumed run start from the same
   * state. AdamW corrects its bias by the steps of the round.
   */
  LOCAL
}
