package org.lethe.model.architecture;

import org.lethe.compute.Activation;

/**
 * Feed-forward network: down(f(up(x))), or down(f(gate(x)) up(x)) with a gate (Shazeer, arXiv
 * 2002.05202).
 *
 * @param activation f
 * @param up up, [F, D], or gate and up, [2 F, D]
 * @param down [D, F]
 */
public record FeedForward(Activation activation, FusedLinear up, FusedLinear down) {
  /** Whether there is a gate. */
  public boolean isGated() {
    return up.outputs() == 2 * down.inputs();
  }
}
