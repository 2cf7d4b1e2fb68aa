package org.lethe.compute.heap;

import org.lethe.compute.Activation;

/** Activation functions and their slopes over blocks of at most {@link Exponential#BLOCK}. */
final class FloatActivation {
  private static final float SQRT_HALF = 0.70710678f;
  private static final float SQRT_2_OVER_PI = 0.79788456f;
  private static final float CUBIC = 0.044715f;

  /** 1 / sqrt(2 pi), the normal density at 0. */
  private static final float DENSITY = 0.39894228f;

  private FloatActivation() {}

  /** x becomes f(x). */
  static void values(Activation f, float[] x, float[] scratch, Exponential exp, int count) {
    switch (f) {
      case SILU -> {
        scaled(x, -1, scratch, count);
        exp.apply(scratch, count);
        for (int i = 0; i < count; i++) {
          x[i] = x[i] / (1 + scratch[i]);
        }
      }
      case GELU -> {
        normal(x, scratch, exp, count);
        FloatRows.multiplyInto(x, scratch, count);
      }
      case GELU_TANH -> {
        cubic(x, scratch, count);
        tanh(scratch, exp, count);
        for (int i = 0; i < count; i++) {
          x[i] = 0.5f * x[i] * (1 + scratch[i]);
        }
      }
      case RELU -> {
        for (int i = 0; i < count; i++) {
          x[i] = Math.max(x[i], 0);
        }
      }
    }
  }

  /** x becomes f(x), slopes are filled with f'(x). */
  static void valuesAndSlopes(
      Activation f, float[] x, float[] slopes, float[] scratch, Exponential exp, int count) {
    switch (f) {
      case SILU -> {
        scaled(x, -1, scratch, count);
        exp.apply(scratch, count);
        for (int i = 0; i < count; i++) {
          float sigmoid = 1 / (1 + scratch[i]);
          x[i] = x[i] * sigmoid;
          slopes[i] = sigmoid + x[i] * (1 - sigmoid);
        }
      }
      case GELU -> {
        normal(x, scratch, exp, count);
        for (int i = 0; i < count; i++) {
          slopes[i] = -0.5f * x[i] * x[i];
        }
        exp.apply(slopes, count);
        for (int i = 0; i < count; i++) {
          slopes[i] = scratch[i] + x[i] * DENSITY * slopes[i];
          x[i] = x[i] * scratch[i];
        }
      }
      case GELU_TANH -> {
        cubic(x, scratch, count);
        tanh(scratch, exp, count);
        for (int i = 0; i < count; i++) {
          float inner = SQRT_2_OVER_PI * (1 + 3 * CUBIC * x[i] * x[i]);
          float tanh = scratch[i];
          slopes[i] = 0.5f * (1 + tanh) + 0.5f * x[i] * (1 - tanh * tanh) * inner;
          x[i] = 0.5f * x[i] * (1 + tanh);
        }
      }
      case RELU -> {
        for (int i = 0; i < count; i++) {
          slopes[i] = x[i] > 0 ? 1 : 0;
          x[i] = Math.max(x[i], 0);
        }
      }
    }
  }

  private static void scaled(float[] x, float factor, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = factor * x[i];
    }
  }

  private static void cubic(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = SQRT_2_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
    }
  }

  /** x becomes tanh(x) = 1 - 2 / (exp(2 x) + 1), with an absolute error of about 1e-7. */
  static void tanh(float[] x, Exponential exp, int count) {
    scaled(x, 2, x, count);
    exp.apply(x, count);
    for (int i = 0; i < count; i++) {
      x[i] = 1 - 2 / (x[i] + 1);
    }
  }

  /**
   * Fills out with the normal distribution function of x. Its tail is the polynomial of Press et
   * al., Numerical Recipes, section 6.2, with a relative error below 1.2e-7.
   */
  private static void normal(float[] x, float[] out, Exponential exp, int count) {
    for (int i = 0; i < count; i++) {
      float z = SQRT_HALF * Math.abs(x[i]);
      float t = 1 / (1 + 0.5f * z);
      float p = 0.17087277f * t - 0.82215223f;
      p = p * t + 1.48851587f;
      p = p * t - 1.13520398f;
      p = p * t + 0.27886807f;
      p = p * t - 0.18628806f;
      p = p * t + 0.09678418f;
      p = p * t + 0.37409196f;
      p = p * t + 1.00002368f;
      out[i] = -z * z - 1.26551223f + t * p;
    }
    exp.apply(out, count);
    for (int i = 0; i < count; i++) {
      float t = 1 / (1 + 0.5f * SQRT_HALF * Math.abs(x[i]));
      float tail = 0.5f * t * out[i];
      out[i] = x[i] >= 0 ? 1 - tail : tail;
    }
  }
}
