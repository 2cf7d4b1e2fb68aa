package org.lethe.objective;

/** The initial model's negative log-likelihood of whole completions, one number per example. */
@FunctionalInterface
public interface ReferenceLosses {
  /** For losses without a reference. */
  ReferenceLosses NONE =
      id -> {
        throw new IllegalStateException("No reference losses were computed, row " + id);
      };

  /**
   * Returns the sum over the completion's tokens, in nats.
   *
   * @param id the example's id
   * @throws IllegalStateException if the example was not part of the reference pass
   */
  double of(String id);
}
