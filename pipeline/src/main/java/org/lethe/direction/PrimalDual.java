package org.lethe.direction;

/**
 * The primal-dual rule of PDU (arXiv 2506.05314): minimise the forget loss subject to a bound on
 * the retain loss. The direction is that of the Lagrangian,
 *
 * <pre>
 *   d      = forgetWeight g_f + lambda g_r
 *   lambda = max(0, lambda + stepSize (l_r - bound))     after each step past the warm-up
 * </pre>
 *
 * with the retain loss l_r of that step's batch. The dual variable, kept from step to step, is
 * lambda itself.
 *
 * <p>open-unlearning (d3d7cf9) updates lambda after every micro-batch of every process, each with a
 * lambda of its own. Here it is updated once after each optimizer step. With averaged gradients l_r
 * is that of the whole batch. With averaged parameters each worker carries lambda through its local
 * steps, and the results are averaged like the parameters. Both give the same result, unless some
 * worker's lambda was cut at 0.
 *
 * @param forgetWeight above 0
 * @param dualVariable lambda of the next step, 0 or more
 * @param stepSize step size of lambda, per nat, 0 or more; 0 keeps lambda constant
 * @param bound allowed retain loss in nats, 0 or more
 * @param warmUpSteps number of first steps with constant lambda, 0 or more
 */
public record PrimalDual(
    double forgetWeight, double dualVariable, double stepSize, double bound, long warmUpSteps)
    implements Direction {
  public PrimalDual {
    Checks.positive("forget weight", forgetWeight);
    Checks.notNegative("dual variable", dualVariable);
    Checks.notNegative("dual step size", stepSize);
    Checks.notNegative("retain loss bound", bound);
    Checks.notNegative("dual warm-up steps", warmUpSteps);
  }

  @Override
  public PrimalDual withDualVariable(double value) {
    return new PrimalDual(forgetWeight, value, stepSize, bound, warmUpSteps);
  }

  @Override
  public PrimalDual after(long step, double retainLoss) {
    return step < warmUpSteps
        ? this
        : withDualVariable(Math.max(0, dualVariable + stepSize * (retainLoss - bound)));
  }

  @Override
  public Combination combine(LossGradients gradients) {
    Products products = Products.of(gradients, 0);
    return products.combination(
        gradients, dualVariable, forgetWeight, products.norm(dualVariable, forgetWeight));
  }
}
