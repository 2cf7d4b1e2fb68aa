package org.lethe.objective.token;

import java.io.Serializable;

/** How to weight the tokens of a token-wise loss. */
public sealed interface TokenWeights extends Serializable
    permits LikelihoodWeights, SaturationWeights {
  /** Returns the weights in computable form. */
  RowWeights rows();
}
