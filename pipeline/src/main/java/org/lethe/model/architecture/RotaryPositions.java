package org.lethe.model.architecture;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rotary position embedding of queries and keys (Su et al., arXiv 2104.09864).
 *
 * @param size number of rotated columns of each head, even; the first ones
 * @param theta base of the frequencies
 * @param scaling change of the frequencies for longer contexts, if any
 */
public record RotaryPositions(int size, double theta, Optional<Scaling> scaling) {
  /** Changes of the frequencies. */
  public sealed interface Scaling {}

  /**
   * Divides all frequencies ({@code rope_type = linear}).
   *
   * @param factor at least 1
   */
  public record LinearScaling(double factor) implements Scaling {}

  /** Llama 3 scaling of the frequencies ({@code rope_type = llama3}). */
  public record Llama3Scaling(
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalMaxPositions)
      implements Scaling {}

  /**
   * YaRN (Peng et al., arXiv 2309.00071): divides low frequencies, keeps high ones, and multiplies
   * queries and keys ({@code rope_type = yarn}).
   *
   * @param factor divisor of low frequencies, at least 1
   * @param originalMaxPositions longest sequence before scaling
   * @param fastRotations rotations within that sequence from which a frequency is kept
   * @param slowRotations rotations within that sequence up to which a frequency is divided
   * @param truncate whether the bounds between kept and divided columns are rounded outwards
   * @param attentionFactor factor of queries and keys; empty for 0.1 ln(factor) + 1
   */
  public record YarnScaling(
      double factor,
      int originalMaxPositions,
      double fastRotations,
      double slowRotations,
      boolean truncate,
      OptionalDouble attentionFactor)
      implements Scaling {}
}
