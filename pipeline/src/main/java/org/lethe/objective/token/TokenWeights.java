package org.lethe.objective.token;

import java.io.Serializable;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/** How to weight the tokens of a token-wise loss. */
public sealed interface TokenWeights extends Serializable
    permits LikelihoodWeights, SaturationWeights, LearnedWeights {
  /** Whether the weights have a state, which is trained along. */
  default boolean isLearned() {
    return false;
  }

  /**
   * Returns the weights in computable form.
   *
   * @param state of learned weights; changes in place
   */
  RowWeights rows(Optional<FlatVector> state);
}
