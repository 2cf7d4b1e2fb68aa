package org.lethe.cluster.transport;

/** How the workers' vectors become one. */
public enum Reduction {
  /** Mean by the workers' weights. */
  MEAN,
  /** Sum of the vectors times the workers' weights. */
  SUM
}
