package org.lethe.direction;

import java.util.List;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.compute.VectorMath.AdamWStep;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.LossGradients.LossGradient;

/**
 * The metric of AdamW's next step: P = 1 / (sqrt(v / (1 - beta2^t)) + epsilon). v is the second
 * moment after the step, so it includes the squares of the clipped direction.
 *
 * @param secondMoment second moment before the step, [P]
 * @param step numbers of that step
 * @param maximumNorm norm to which the direction will be clipped
 */
record AdaptiveMetric(FlatVector secondMoment, AdamWStep step, double maximumNorm)
    implements Metric {

  @Override
  public InnerProducts products(LossGradients gradients, Combination candidate) {
    LossGradient retain = gradients.retain().orElseThrow();
    LossGradient forget = gradients.forget().orElseThrow();
    List<Term> terms = candidate.clipped(maximumNorm).terms();
    Term a = new Term(retain.sum(), terms.get(0).weight());
    Term b = new Term(forget.sum(), terms.get(1).weight());
    InnerProducts sums = secondMoment.math().adamWProducts(a, b, secondMoment, step);
    return new InnerProducts(
        sums.first() * retain.scale() * retain.scale(),
        sums.second() * forget.scale() * forget.scale(),
        sums.mixed() * retain.scale() * forget.scale());
  }
}
