package org.lethe.objective;

/** Target of JensUn's forget loss at a position of the forget answer. */
public enum RefusalTarget {
  /** One token of the refusal, in order, again from its first token after its last. The paper. */
  CYCLED,
  /** Every token of the refusal, each with probability 1: not a distribution. Public code. */
  ALL
}
