package org.lethe.direction;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2) and bias
 * correction, in the order of operations of PyTorch's AdamW.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay share of a parameter that is taken away per step and unit of learning rate
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";

  public AdamW {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "Invalid betas: " + beta1 + ", " + beta2 + ", expected 0 <= beta < 1");
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("Invalid epsilon: " + epsilon + ", expected above 0");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + weightDecay + ", expected 0 or more");
    }
  }

  @Override
  public List<String> stateNames() {
    return List.of(FIRST, SECOND);
  }

  @Override
  public Metric metric(OptimizerState state, long step, double maximumNorm) {
    return new AdaptiveMetric(
        state.vector(SECOND), beta2, rootCorrection(step), epsilon, maximumNorm);
  }

  private double rootCorrection(long step) {
    return Math.sqrt(1 - Math.pow(beta2, step + 1.0));
  }

  @Override
  public void step(
      INDArray parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate) {
    double keep = 1 - learningRate * weightDecay;
    double rate = learningRate / (1 - Math.pow(beta1, step + 1.0));
    double rootCorrection = rootCorrection(step);
    new DirectionKernel(direction) {
      @Override
      void stepFloats(float[] d, float[][] vectors, int length) {
        float[] p = vectors[first()];
        float[] m = vectors[first() + 1];
        float[] v = vectors[first() + 2];
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        float k = (float) keep;
        float r = (float) rate;
        float inverseRoot = (float) (1 / rootCorrection);
        float e = (float) epsilon;
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

      @Override
      void stepDoubles(double[] d, double[][] vectors, int length) {
        double[] p = vectors[first()];
        double[] m = vectors[first() + 1];
        double[] v = vectors[first() + 2];
        for (int i = 0; i < length; i++) {
          m[i] = beta1 * m[i] + (1 - beta1) * d[i];
          v[i] = beta2 * v[i] + (1 - beta2) * (d[i] * d[i]);
          p[i] = keep * p[i] - rate * m[i] / (Math.sqrt(v[i]) / rootCorrection + epsilon);
        }
      }
    }.run(List.of(parameters, state.vector(FIRST), state.vector(SECOND)));
  }
}
