package org.lethe.model.layer;

/** What a training pass does with the activations of blocks. Results have the same bits. */
public enum Activations {
  /** Every block keeps its own. */
  KEPT,
  /**
   * Blocks keep their inputs only. The backward pass computes each block's activations again, in
   * memory that all blocks share.
   */
  RECOMPUTED
}
