package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lethe.direction.BlurPropertiesTest.dot;
import static org.lethe.direction.BlurPropertiesTest.norm;
import static org.lethe.direction.BlurPropertiesTest.normal;
import static org.lethe.direction.BlurPropertiesTest.rounded;
import static org.lethe.direction.BlurPropertiesTest.times;
import static org.lethe.direction.BlurPropertiesTest.vector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The guarantee of BLUR in the optimizer's metric, measured on the parameters that AdamW really
 * moved. They start at zero, so that their rounding does not hide it. Norms are up to 1e12 apart.
 * The gradients may be parallel, opposite or zero. Training may be at its first step or have a
 * history, and clipping may apply.
 */
final class BlurMetricTest {
  private static final int LENGTH = 37;
  private static final double RATE = 0x1p-10;
  private static final double EPSILON = 1e-8;
  private static final double BETA2 = 0.999;

  /**
   * One step of one training.
   *
   * @param step counted from 0; the moments are zero at 0
   * @param maximumNorm as a share of the length of g_r + gamma g_f
   */
  record Case(
      double[] forget,
      double[] retain,
      double[] firstMoment,
      double[] secondMoment,
      long step,
      double gamma,
      double beta1,
      double maximumNorm,
      DataType type) {

    Optimizer adamw() {
      return new AdamW(beta1, BETA2, EPSILON, 0);
    }

    OptimizerState state() {
      Map<String, FlatVector> vectors = new LinkedHashMap<>();
      vectors.put("first_moment", vector(firstMoment, type));
      vectors.put("second_moment", vector(secondMoment, type));
      return new OptimizerState(vectors);
    }

    Combination direction(OptimizerState state) {
      LossGradients gradients =
          new LossGradients(
              Optional.of(new LossGradient(vector(times(forget, 8), type), 1.0 / 8)),
              Optional.of(new LossGradient(vector(times(retain, 4), type), 1.0 / 4)),
              TestLayout.of(LENGTH),
              adamw().metric(state, step, maximumNorm));
      return new BlurMetric(gamma, 0).combine(gradients);
    }

    double tolerance() {
      return type == DataType.FLOAT ? 2e-5 : 3e-6;
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Scales.any(),
            Arbitraries.of(0L, 1L, 7L, 400L),
            Arbitraries.of(0.0, 0.1, 1.0, 2.0),
            Arbitraries.of(0.0, 0.9),
            Arbitraries.of(0.1, 1e300),
            Arbitraries.of(DirectionIdentitiesTest.Kind.values()))
        .as(
            (scales, step, gamma, beta1, clip, kind) -> {
              Random random = scales.random();
              DataType type = random.nextBoolean() ? DataType.FLOAT : DataType.DOUBLE;
              double[] forget = normal(random, scales.forget());
              double[] retain = normal(random, scales.retain());
              kind.bend(forget, retain);
              forget = rounded(forget, type);
              retain = rounded(retain, type);
              double past = step == 0 ? 0 : norm(forget) + norm(retain);
              double[] second = normal(random, past);
              for (int i = 0; i < LENGTH; i++) {
                second[i] *= (1 - Math.pow(BETA2, step)) * second[i];
              }
              double[] first = rounded(normal(random, past), type);
              return new Case(
                  forget,
                  retain,
                  first,
                  rounded(second, type),
                  step,
                  gamma,
                  beta1,
                  clip * (norm(retain) + gamma * norm(forget)) + 1e-300,
                  type);
            });
  }

  @Property(seed = "42", tries = 500, shrinking = ShrinkingMode.OFF)
  void appliedStepForgetsByGammaForAnyRetainGradient(@ForAll("cases") Case c) {
    OptimizerState state = c.state();
    Combination d = c.direction(state);
    Combination clipped = d.clipped(c.maximumNorm);
    FlatVector parameters = vector(new double[LENGTH], c.type);
    c.adamw().step(parameters, clipped, state, c.step, RATE);

    double[] moved = Vectors.values(parameters);
    double[] metric = metric(Vectors.values(state.vector("second_moment")), c.step);
    double shortened = d.norm() == 0 ? 1 : clipped.norm() / d.norm();
    double correction = 1 - Math.pow(c.beta1, c.step + 1.0);
    double promised =
        -RATE
            / correction
            * (1 - c.beta1)
            * shortened
            * c.gamma
            * weighted(metric, c.forget, c.forget);
    // The effect of past directions has no guarantee.
    double past = -RATE / correction * c.beta1 * weighted(metric, c.forget, c.firstMoment);
    double f = Math.sqrt(weighted(metric, c.forget, c.forget));
    double r = Math.sqrt(weighted(metric, c.retain, c.retain));
    double m = Math.sqrt(weighted(metric, c.firstMoment, c.firstMoment));
    double rounding =
        RATE
            / correction
            * c.tolerance()
            * f
            * ((1 - c.beta1) * shortened * (r + (1 + c.gamma) * f) + c.beta1 * m);

    assertThat(dot(c.forget, moved)).isCloseTo(promised + past, within(rounding + 1e-40));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void zeroForgetGradientGivesTheRetainGradient(@ForAll("cases") Case c) {
    Case without =
        new Case(
            new double[LENGTH],
            c.retain,
            c.firstMoment,
            c.secondMoment,
            c.step,
            c.gamma,
            c.beta1,
            c.maximumNorm,
            c.type);
    Combination d = without.direction(without.state());

    assertThat(d.norm()).isCloseTo(norm(c.retain), within(1e-5 * norm(c.retain)));
    assertThat(d.terms().get(1).weight()).isZero();
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void equalsBlurWithPlainDescent(@ForAll("cases") Case c) {
    LossGradients gradients = BlurPropertiesTest.gradients(c.forget, c.retain, c.type);
    Combination blur = new Blur(c.gamma, 0).combine(gradients);
    Combination found = new BlurMetric(c.gamma, 0).combine(gradients);

    assertThat(found.terms().get(1).weight())
        .isCloseTo(
            blur.terms().get(1).weight(), within(1e-5 * (1 + Math.abs(blur.figures().rho()))));
  }

  @Test
  void historyOfSquaresNeedsFewPasses() {
    double[] forget = normal(new Random(1), 1);
    double[] retain = normal(new Random(2), 1);
    double[] second = new double[LENGTH];
    Arrays.fill(second, 0.3);
    Case c =
        new Case(forget, retain, new double[LENGTH], second, 400, 1, 0, 1e300, DataType.DOUBLE);
    Metric metric = c.adamw().metric(c.state(), 400, 1e300);
    int[] passes = {0};
    LossGradients gradients =
        new LossGradients(
            Optional.of(new LossGradient(vector(forget, DataType.DOUBLE), 1)),
            Optional.of(new LossGradient(vector(retain, DataType.DOUBLE), 1)),
            TestLayout.of(LENGTH),
            (g, candidate) -> {
              passes[0]++;
              return metric.products(g, candidate);
            });
    new BlurMetric(1, 0).combine(gradients);

    assertThat(passes[0]).isLessThanOrEqualTo(4);
  }

  @Test
  void nanAppearsInTheFigures() {
    double[] bad = normal(new Random(1), 1);
    bad[3] = Double.NaN;
    LossGradients gradients =
        BlurPropertiesTest.gradients(bad, normal(new Random(2), 1), DataType.FLOAT);

    assertThat(new BlurMetric(1, 0).combine(gradients).figures().isFinite()).isFalse();
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new BlurMetric(-1, 0))
        .hasMessage("Invalid gamma: -1.0, expected 0 or more");
  }

  /** Returns P of the last step, by AdamW's definition. */
  private static double[] metric(double[] secondMoment, long step) {
    double correction = 1 - Math.pow(BETA2, step + 1.0);
    return Arrays.stream(secondMoment)
        .map(v -> 1 / (Math.sqrt(v / correction) + EPSILON))
        .toArray();
  }

  private static double weighted(double[] metric, double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < metric.length; i++) {
      sum += metric[i] * a[i] * b[i];
    }
    return sum;
  }
}
