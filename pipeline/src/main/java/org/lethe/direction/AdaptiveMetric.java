package org.lethe.direction;

import java.util.List;
import org.lethe.direction.Combination.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.tensor.FlatVectors;
import org.lethe.tensor.FlatVectors.InnerProducts;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The metric of AdamW's next step: P = 1 / (sqrt(v / (1 - beta2^t)) + epsilon) with the second
 * moment v as it will be after the step, which includes the squares of the clipped direction.
 *
 * @param secondMoment as it is before the step, [P]
 * @param beta2 its decay
 * @param rootCorrection sqrt(1 - beta2^t)
 * @param epsilon of the optimizer
 * @param maximumNorm to which the direction will be clipped
 */
record AdaptiveMetric(
    INDArray secondMoment, double beta2, double rootCorrection, double epsilon, double maximumNorm)
    implements Metric {

  @Override
  public InnerProducts products(LossGradients gradients, Combination candidate) {
    LossGradient retain = gradients.retain().orElseThrow();
    LossGradient forget = gradients.forget().orElseThrow();
    List<Term> terms = candidate.clipped(maximumNorm).terms();
    double[] sums =
        FlatVectors.sums(
            List.of(retain.sum(), forget.sum(), secondMoment),
            new Kernel(terms.get(0).weight(), terms.get(1).weight()));
    return new InnerProducts(
        sums[0] * retain.scale() * retain.scale(),
        sums[1] * forget.scale() * forget.scale(),
        sums[2] * retain.scale() * forget.scale());
  }

  /** Follows the arithmetic of {@link AdamW}'s step, so that P is the one that will be applied. */
  private final class Kernel implements FlatVectors.Reduction {
    private final double retainWeight;
    private final double forgetWeight;

    Kernel(double retainWeight, double forgetWeight) {
      this.retainWeight = retainWeight;
      this.forgetWeight = forgetWeight;
    }

    @Override
    public double[] floats(float[][] vectors, int length) {
      float[] r = vectors[0];
      float[] f = vectors[1];
      float[] v = vectors[2];
      float b2 = (float) beta2;
      float c2 = (float) (1 - beta2);
      float inverseRoot = (float) (1 / rootCorrection);
      float e = (float) epsilon;
      for (int i = 0; i < length; i++) {
        float d = (float) (retainWeight * r[i] + forgetWeight * f[i]);
        v[i] = b2 * v[i] + c2 * (d * d);
      }
      // A loop of its own, which the compiler turns into vector instructions.
      for (int i = 0; i < length; i++) {
        v[i] = 1 / ((float) Math.sqrt(v[i]) * inverseRoot + e);
      }
      double rr = 0;
      double ff = 0;
      double rf = 0;
      for (int i = 0; i < length; i++) {
        double pr = (double) v[i] * r[i];
        double pf = (double) v[i] * f[i];
        rr += pr * r[i];
        ff += pf * f[i];
        rf += pr * f[i];
      }
      return new double[] {rr, ff, rf};
    }

    @Override
    public double[] doubles(double[][] vectors, int length) {
      double[] r = vectors[0];
      double[] f = vectors[1];
      double[] v = vectors[2];
      double rr = 0;
      double ff = 0;
      double rf = 0;
      for (int i = 0; i < length; i++) {
        double d = retainWeight * r[i] + forgetWeight * f[i];
        double second = beta2 * v[i] + (1 - beta2) * (d * d);
        double p = 1 / (Math.sqrt(second) / rootCorrection + epsilon);
        rr += p * r[i] * r[i];
        ff += p * f[i] * f[i];
        rf += p * r[i] * f[i];
      }
      return new double[] {rr, ff, rf};
    }
  }
}
