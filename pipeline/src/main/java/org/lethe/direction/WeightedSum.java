package org.lethe.direction;

import java.util.List;
import java.util.function.DoubleFunction;
import org.lethe.direction.Combination.Figures;
import org.lethe.direction.Combination.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.tensor.FlatVectors;

/**
 * d = retainWeight g_r + forgetWeight g_f (GradDiff and the plain penalty of open-unlearning). A
 * loss of weight 0 is not computed: with retain weight 0 this is forgetting alone, with forget
 * weight 0 it is ordinary training.
 *
 * @param forgetWeight 0 or more
 * @param retainWeight 0 or more; not both 0
 */
public record WeightedSum(double forgetWeight, double retainWeight) implements Direction {
  public WeightedSum {
    if (!(forgetWeight >= 0
        && retainWeight >= 0
        && forgetWeight + retainWeight > 0
        && Double.isFinite(forgetWeight + retainWeight))) {
      throw new IllegalArgumentException(
          "Invalid weights: forget %s, retain %s, expected 0 or more and not both 0"
              .formatted(forgetWeight, retainWeight));
    }
  }

  @Override
  public boolean usesForget() {
    return forgetWeight > 0;
  }

  @Override
  public boolean usesRetain() {
    return retainWeight > 0;
  }

  @Override
  public Combination combine(LossGradients gradients) {
    if (!usesRetain()) {
      return single(
          gradients.forget().orElseThrow(), forgetWeight, square -> new Figures(square, 0, 0, 0));
    }
    if (!usesForget()) {
      return single(
          gradients.retain().orElseThrow(), retainWeight, square -> new Figures(0, square, 0, 0));
    }
    Products products =
        Products.of(gradients.forget().orElseThrow(), gradients.retain().orElseThrow(), 0);
    double squared =
        retainWeight * retainWeight * products.retain()
            + 2 * retainWeight * forgetWeight * products.inner()
            + forgetWeight * forgetWeight * products.forget();
    return products.combination(
        gradients, retainWeight, forgetWeight, Math.sqrt(Math.max(0, squared)));
  }

  private static Combination single(
      LossGradient gradient, double weight, DoubleFunction<Figures> figures) {
    double squared = FlatVectors.squaredNorm(gradient.sum()) * gradient.scale() * gradient.scale();
    return new Combination(
        List.of(new Term(gradient.sum(), weight * gradient.scale())),
        weight * Math.sqrt(squared),
        figures.apply(squared));
  }
}
