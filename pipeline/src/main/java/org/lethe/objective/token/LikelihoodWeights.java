package org.lethe.objective.token;

import java.util.Arrays;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * WGA's weights (arXiv 2502.19301): p^beta, with p the likelihood of the token. So tokens that are
 * already unlikely have less weight.
 *
 * @param beta 0 or more; 0 is the same weight for every token
 */
public record LikelihoodWeights(double beta) implements TokenWeights {
  public LikelihoodWeights {
    Checks.notNegative("beta", beta);
  }

  @Override
  public RowWeights rows(Optional<FlatVector> state) {
    return (chunk, losses) -> Arrays.stream(losses).map(nll -> Math.exp(-beta * nll)).toArray();
  }
}
