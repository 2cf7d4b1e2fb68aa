package org.lethe.model.architecture;

import java.util.Optional;

/**
 * Rotary position embedding of queries and keys (Su et al., arXiv 2104.09864).
 *
 * @param theta base of the frequencies
 * @param scaling change of the frequencies for longer contexts, if any
 */
public record RotaryPositions(double theta, Optional<Llama3Scaling> scaling) {
  /** Llama 3 scaling of the frequencies ({@code rope_type = llama3}). */
  public record Llama3Scaling(
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalMaxPositions) {}
}
