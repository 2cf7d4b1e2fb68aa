package org.lethe.direction;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradient descent, with momentum if that is above 0: m = momentum m + d, p -= rate m (PyTorch's
 * convention, without dampening), and decoupled weight decay.
 *
 * @param momentum in [0, 1)
 * @param weightDecay share of a parameter that is taken away per step and unit of learning rate
 */
public record Sgd(double momentum, double weightDecay) implements Optimizer {
  private static final String MOMENTUM = "momentum";

  public Sgd {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "Invalid momentum: " + momentum + ", expected 0 <= momentum < 1");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: " + weightDecay + ", expected 0 or more");
    }
  }

  @Override
  public List<String> stateNames() {
    return momentum > 0 ? List.of(MOMENTUM) : List.of();
  }

  @Override
  public void step(
      INDArray parameters,
      Combination direction,
      OptimizerState state,
      long step,
      double learningRate) {
    double keep = 1 - learningRate * weightDecay;
    boolean remembers = momentum > 0;
    new DirectionKernel(direction) {
      @Override
      void stepFloats(float[] d, float[][] vectors, int length) {
        float[] p = vectors[first()];
        if (remembers) {
          float[] m = vectors[first() + 1];
          for (int i = 0; i < length; i++) {
            m[i] = (float) (momentum * m[i] + d[i]);
            d[i] = m[i];
          }
        }
        for (int i = 0; i < length; i++) {
          p[i] = (float) (keep * p[i] - learningRate * d[i]);
        }
      }

      @Override
      void stepDoubles(double[] d, double[][] vectors, int length) {
        double[] p = vectors[first()];
        if (remembers) {
          double[] m = vectors[first() + 1];
          for (int i = 0; i < length; i++) {
            m[i] = momentum * m[i] + d[i];
            d[i] = m[i];
          }
        }
        for (int i = 0; i < length; i++) {
          p[i] = keep * p[i] - learningRate * d[i];
        }
      }
    }.run(remembers ? List.of(parameters, state.vector(MOMENTUM)) : List.of(parameters));
  }
}
