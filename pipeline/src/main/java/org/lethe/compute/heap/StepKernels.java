package org.lethe.compute.heap;

import java.util.List;
import org.lethe.compute.VectorMath.AdamWStep;
import org.lethe.compute.VectorMath.SgdStep;
import org.lethe.compute.VectorMath.Term;

/** Loops over one block for {@link HeapVectors}: optimizer steps, their directions and metrics. */
final class StepKernels {
  private StepKernels() {}

  /** Computes d in double, rounds once and overwrites the first term's block. */
  static float[] direction(List<Term> terms, float[][] vectors, int length) {
    float[] d = vectors[0];
    double w0 = terms.get(0).weight();
    if (terms.size() == 2) {
      float[] other = vectors[1];
      double w1 = terms.get(1).weight();
      for (int i = 0; i < length; i++) {
        d[i] = (float) (w0 * d[i] + w1 * other[i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        d[i] = (float) (w0 * d[i]);
      }
    }
    return d;
  }

  static void adamW(AdamWStep step, float[] d, float[] p, float[] m, float[] v, int length) {
    float b1 = (float) step.beta1();
    float c1 = (float) (1 - step.beta1());
    float b2 = (float) step.beta2();
    float c2 = (float) (1 - step.beta2());
    float k = (float) step.keep();
    float r = (float) step.rate();
    float inverseRoot = (float) (1 / step.rootCorrection());
    float e = (float) step.epsilon();
    for (int i = 0; i < length; i++) {
      m[i] = b1 * m[i] + c1 * d[i];
    }
    for (int i = 0; i < length; i++) {
      v[i] = b2 * v[i] + c2 * (d[i] * d[i]);
    }
    for (int i = 0; i < length; i++) {
      p[i] = k * p[i] - r * m[i] / ((float) Math.sqrt(v[i]) * inverseRoot + e);
    }
  }

  /** Updates the momentum: m = momentum m + d, then d = m. */
  static void remember(double momentum, float[] d, float[] m, int length) {
    for (int i = 0; i < length; i++) {
      m[i] = (float) (momentum * m[i] + d[i]);
      d[i] = m[i];
    }
  }

  static void sgd(SgdStep step, float[] d, float[] p, int length) {
    double keep = step.keep();
    double rate = step.rate();
    for (int i = 0; i < length; i++) {
      p[i] = (float) (keep * p[i] - rate * d[i]);
    }
  }

  /** Follows the arithmetic of {@link #adamW}, so that P is the one that the step applies. */
  static double[] adamWProducts(
      AdamWStep step, double weightA, double weightB, float[][] vectors, int length) {
    float[] a = vectors[0];
    float[] b = vectors[1];
    float[] v = vectors[2];
    float b2 = (float) step.beta2();
    float c2 = (float) (1 - step.beta2());
    float inverseRoot = (float) (1 / step.rootCorrection());
    float e = (float) step.epsilon();
    for (int i = 0; i < length; i++) {
      float d = (float) (weightA * a[i] + weightB * b[i]);
      v[i] = b2 * v[i] + c2 * (d * d);
    }
    // A separate loop, which the compiler vectorises.
    for (int i = 0; i < length; i++) {
      v[i] = 1 / ((float) Math.sqrt(v[i]) * inverseRoot + e);
    }
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (int i = 0; i < length; i++) {
      double pa = (double) v[i] * a[i];
      double pb = (double) v[i] * b[i];
      aa += pa * a[i];
      bb += pb * b[i];
      ab += pa * b[i];
    }
    return new double[] {aa, bb, ab};
  }

  static void selectBySign(double weightA, double weightB, float[][] vectors, int length) {
    float[] a = vectors[0];
    float[] b = vectors[1];
    for (int i = 0; i < length; i++) {
      b[i] = (float) (differ(a[i], b[i]) ? weightB * b[i] : weightA * a[i]);
    }
  }

  /**
   * Whether the signs differ. The product's sign does not serve, because the product may underflow.
   */
  private static boolean differ(double a, double b) {
    return (a < 0 && b > 0) || (a > 0 && b < 0);
  }
}
