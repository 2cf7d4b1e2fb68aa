package org.lethe.objective.token;

import java.util.Arrays;
import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * SatImp's weights (arXiv 2505.11953): p^beta1 (1 - p)^beta2, with p the likelihood of the token.
 * The first factor is for saturation, the second for importance.
 *
 * @param beta1 0 or more
 * @param beta2 0 or more
 */
public record SaturationWeights(double beta1, double beta2) implements TokenWeights {
  public SaturationWeights {
    Checks.notNegative("beta1", beta1);
    Checks.notNegative("beta2", beta2);
  }

  @Override
  public RowWeights rows(Optional<FlatVector> state) {
    return (chunk, losses) ->
        Arrays.stream(losses)
            .map(nll -> Math.exp(-beta1 * nll) * Math.pow(-Math.expm1(-nll), beta2))
            .toArray();
  }
}
