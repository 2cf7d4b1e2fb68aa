package org.lethe.model.architecture;

/**
 * Gated feed-forward network (Shazeer, arXiv 2002.05202): down(silu(gate(x)) up(x)).
 *
 * @param gateUp gate and up, [2 F, D]
 * @param down [D, F]
 */
public record SwiGlu(FusedLinear gateUp, FusedLinear down) {}
