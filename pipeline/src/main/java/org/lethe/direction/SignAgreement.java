package org.lethe.direction;

import java.util.List;
import org.lethe.direction.Combination.Term;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.tensor.FlatVectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * SAGO (arXiv 2604.14808; the rule as its public code has it), element by element: retainWeight g_r
 * where the signs of the two gradients differ, forgetWeight g_f everywhere else, which includes
 * elements where either is zero. So no element of d points against that of g_r.
 *
 * <p>The result is written over the retain gradient: one pass more than BLUR that reads both
 * gradients and writes one, and one that reads the norm.
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
    INDArray direction = retain.sum();
    FlatVectors.update(
        List.of(forget.sum()),
        List.of(direction),
        new Selection(forgetWeight * forget.scale(), retainWeight * retain.scale()));
    return new Combination(
        List.of(new Term(direction, 1)),
        Math.sqrt(FlatVectors.squaredNorm(direction)),
        products.figures());
  }

  private record Selection(double forget, double retain) implements FlatVectors.Kernel {
    @Override
    public void floats(float[][] vectors, int length) {
      float[] f = vectors[0];
      float[] r = vectors[1];
      for (int i = 0; i < length; i++) {
        r[i] = (float) (differ(f[i], r[i]) ? retain * r[i] : forget * f[i]);
      }
    }

    @Override
    public void doubles(double[][] vectors, int length) {
      double[] f = vectors[0];
      double[] r = vectors[1];
      for (int i = 0; i < length; i++) {
        r[i] = differ(f[i], r[i]) ? retain * r[i] : forget * f[i];
      }
    }

    /** Not by the sign of the product, which underflows. */
    private static boolean differ(double a, double b) {
      return (a < 0 && b > 0) || (a > 0 && b < 0);
    }
  }
}
