package org.lethe.model.architecture;

import java.util.Optional;
import org.lethe.compute.Heads;

/**
 * Causal attention with grouped key and value heads (Ainslie et al., arXiv 2305.13245).
 *
 * @param heads number and size of heads, and their scores
 * @param positions rotation of queries and keys, if they are rotated
 * @param queryKeyValue q, k, v = W x + b
 * @param order order of the outputs of queryKeyValue
 * @param norms norms of queries and keys, if there are any
 * @param output map from all heads back to the residual stream
 */
public record Attention(
    Heads heads,
    Optional<RotaryPositions> positions,
    FusedLinear queryKeyValue,
    Order order,
    Optional<HeadNorms> norms,
    FusedLinear output) {
  /** Order of the outputs of the fused map. */
  public enum Order {
    /** All queries, all keys, all values. */
    BY_ROLE,
    /** Query, key and value of the first head, then those of the next. */
    BY_HEAD
  }
}
