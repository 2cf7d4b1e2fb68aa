package org.lethe.direction;

import java.util.List;
import java.util.function.BiFunction;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.ParameterLayout;

/**
 * d = retainWeight g_r + forgetWeight g_f (GradDiff and the plain penalty of open-unlearning). A
 * loss with weight 0 is not computed: retain weight 0 is forgetting alone, forget weight 0 is
 * ordinary training.
 *
 * @param forgetWeight 0 or more
 * @param retainWeight 0 or more; not both 0
 */
public record WeightedSum(double forgetWeight, double retainWeight) implements Direction {
  public WeightedSum {
    Checks.weights(forgetWeight, retainWeight);
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
          gradients.forget().orElseThrow(),
          forgetWeight,
          gradients.layout(),
          (layer, square) -> new LayerFigures(layer, square, 0, 0));
    }
    if (!usesForget()) {
      return single(
          gradients.retain().orElseThrow(),
          retainWeight,
          gradients.layout(),
          (layer, square) -> new LayerFigures(layer, 0, square, 0));
    }
    Products products = Products.of(gradients, 0);
    return products.combination(
        gradients, retainWeight, forgetWeight, products.norm(retainWeight, forgetWeight));
  }

  private static Combination single(
      LossGradient gradient,
      double weight,
      ParameterLayout layout,
      BiFunction<String, Double, LayerFigures> figures) {
    double scale = gradient.scale() * gradient.scale();
    Products products =
        Products.of(
            Products.byTensor(
                gradient.sum(),
                gradient.sum(),
                layout.entries(),
                (layer, sums) -> figures.apply(layer, scale * sums.first())),
            0);
    // One of the two is 0.
    double squared = products.forget() + products.retain();
    return new Combination(
        List.of(new Term(gradient.sum(), weight * gradient.scale())),
        weight * Math.sqrt(squared),
        products.figures());
  }
}
