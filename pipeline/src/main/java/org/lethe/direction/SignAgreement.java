package org.lethe.direction;

import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.LossGradients.LossGradient;

/**
 * SAGO (arXiv 2604.14808; the rule follows its public code), element by element: retainWeight g_r
 * if the signs of the two gradients differ, otherwise forgetWeight g_f, also if either is zero. So
 * no element of d points against that of g_r.
 *
 * <p>The result overwrites the retain gradient. Compared with BLUR this costs one more pass that
 * reads both gradients and writes one, and one that reads the norm.
 *
 * @param forgetWeight 0 or more
 * @param retainWeight 0 or more; not both 0
 */
public record SignAgreement(double forgetWeight, double retainWeight) implements Direction {
  public SignAgreement {
    Checks.weights(forgetWeight, retainWeight);
  }

  @Override
  public Combination combine(LossGradients gradients) {
    LossGradient forget = gradients.forget().orElseThrow();
    LossGradient retain = gradients.retain().orElseThrow();
    Products products = Products.of(gradients, 0);
    FlatVector direction = retain.sum();
    direction
        .math()
        .selectBySign(
            new Term(forget.sum(), forgetWeight * forget.scale()),
            new Term(direction, retainWeight * retain.scale()));
    return new Combination(
        List.of(new Term(direction, 1)),
        Math.sqrt(direction.math().squaredNorm(direction)),
        products.figures());
  }
}
