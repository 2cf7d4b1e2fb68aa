package org.lethe.model.architecture;

import org.lethe.compute.Heads;

/**
 * Causal attention with grouped key and value heads (Ainslie et al., arXiv 2305.13245).
 *
 * @param heads number and size of heads
 * @param positions position embedding of queries and keys
 * @param queryKeyValue q, k, v = W x + b
 * @param output map from all heads back to the residual stream
 */
public record Attention(
    Heads heads, RotaryPositions positions, FusedLinear queryKeyValue, FusedLinear output) {}
