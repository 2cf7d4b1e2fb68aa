package org.lethe.compute.array;

import org.lethe.compute.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Activation functions and their slopes. They consist of exponentials, tanh and erf, because ND4J's
 * own GELU functions are approximations.
 */
final class ArrayActivation {
  private static final double CUBIC = 0.044715;
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  private ArrayActivation() {}

  /** Returns f(x) as a new array. */
  static INDArray values(Activation f, INDArray x) {
    return factor(f, x).muli(x);
  }

  /** Returns f(x) / x as a new array. */
  private static INDArray factor(Activation f, INDArray x) {
    return switch (f) {
      case SILU -> Transforms.sigmoid(copy(x), false);
      case GELU -> {
        INDArray scaled = copy(x).muli(Math.sqrt(0.5));
        yield Nd4j.exec(new Erf(scaled, scaled)).addi(1).muli(0.5);
      }
      case GELU_TANH -> tanh(x).addi(1).muli(0.5);
      case RELU -> x.gt(0).castTo(x.dataType());
    };
  }

  private static INDArray tanh(INDArray x) {
    INDArray inner = copy(x).muli(x).muli(CUBIC).addi(1).muli(x).muli(SQRT_2_OVER_PI);
    return Transforms.tanh(inner, false);
  }

  /** Returns f'(x) as a new array. */
  static INDArray slopes(Activation f, INDArray x) {
    INDArray factor = factor(f, x);
    return switch (f) {
      case SILU -> {
        INDArray rest = copy(factor).rsubi(1).muli(x).addi(1);
        yield rest.muli(factor);
      }
      case GELU -> {
        INDArray density = Transforms.exp(copy(x).muli(x).muli(-0.5), false);
        yield density.muli(1 / Math.sqrt(2 * Math.PI)).muli(x).addi(factor);
      }
      case GELU_TANH -> {
        INDArray tanh = tanh(x);
        INDArray inner = copy(x).muli(x).muli(3 * CUBIC).addi(1).muli(SQRT_2_OVER_PI);
        INDArray slope = tanh.muli(tanh).rsubi(1).muli(inner).muli(x).muli(0.5);
        yield slope.addi(factor);
      }
      case RELU -> factor;
    };
  }

  private static INDArray copy(INDArray x) {
    return Nd4j.createUninitialized(x.dataType(), x.shape()).assign(x);
  }
}
