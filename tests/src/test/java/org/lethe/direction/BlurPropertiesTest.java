package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Identities that any implementation of BLUR must satisfy, at norms up to a factor of 1e12 apart.
 * Above a factor of 1e15 the forget gradient counts as zero ({@link DirectionTest}).
 */
final class BlurPropertiesTest {
  private static final int LENGTH = 37;

  /**
   * Two gradients and a gamma.
   *
   * @param tolerance tolerance of scalars for the type, relative to the largest term
   */
  record Case(double[] forget, double[] retain, double gamma, DataType type, double tolerance) {
    Combination blur() {
      return new Blur(gamma, 0).combine(gradients(forget, retain, type));
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Scales.any(),
            Arbitraries.of(0.0, 0.5, 1.0, 2.0),
            Arbitraries.of(-1.0, 0.0, 1.0, 1e-6),
            Arbitraries.of(DataType.FLOAT, DataType.DOUBLE))
        .as(
            (scales, gamma, overlap, type) -> {
              Random random = scales.random();
              double[] forget = normal(random, scales.forget());
              double[] retain = normal(random, scales.retain());
              for (int i = 0; i < LENGTH; i++) {
                retain[i] += overlap * forget[i];
              }
              double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
              return new Case(rounded(forget, type), rounded(retain, type), gamma, type, tolerance);
            });
  }

  @Provide
  Arbitrary<Case> casesThatForget() {
    return cases().filter(c -> c.gamma > 0);
  }

  /** Cases without conflict: the retain gradient is reversed if the gradients conflict. */
  @Provide
  Arbitrary<Case> casesThatAgree() {
    return cases()
        .map(
            c ->
                dot(c.retain, c.forget) >= 0
                    ? c
                    : new Case(c.forget, times(c.retain, -1), c.gamma, c.type, c.tolerance));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void forgettingPerUnitStepIsGammaForAnyRetainGradient(@ForAll("cases") Case c) {
    double[] d = written(c.blur());
    double square = dot(c.forget, c.forget);
    double rounding =
        c.tolerance * Math.sqrt(square) * (norm(c.retain) + (1 + c.gamma) * Math.sqrt(square));

    assertThat(dot(c.forget, d)).isCloseTo(c.gamma * square, within(rounding));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void squaredNormIsOrthogonalPartPlusGammaSquared(@ForAll("cases") Case c) {
    Combination blur = c.blur();
    double f = dot(c.forget, c.forget);
    double r = dot(c.retain, c.retain);
    double rf = dot(c.retain, c.forget);
    double expected = r - rf * rf / f + c.gamma * c.gamma * f;
    double rounding = c.tolerance * (r + (1 + c.gamma * c.gamma) * f);

    assertThat(blur.norm() * blur.norm()).isCloseTo(expected, within(rounding));
    double[] d = written(blur);
    assertThat(dot(d, d)).isCloseTo(expected, within(rounding));
    assertThat(dot(d, d)).isLessThanOrEqualTo(r + c.gamma * c.gamma * f + rounding);
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void formOfTheWmdpCodeIsEqualUpToScale(@ForAll("casesThatForget") Case c) {
    double alpha = 1 / c.gamma;
    double rho = dot(c.retain, c.forget) / dot(c.forget, c.forget);
    double[] d = written(c.blur());
    double scale = norm(c.retain) + (1 + c.gamma) * norm(c.forget);

    for (int i = 0; i < LENGTH; i++) {
      double wmdp = c.forget[i] + alpha * (c.retain[i] - rho * c.forget[i]);
      assertThat(alpha * d[i]).isCloseTo(wmdp, within(alpha * c.tolerance * scale));
    }
  }

  @Property(seed = "42", tries = 100, shrinking = ShrinkingMode.OFF)
  void gammaEqualToRhoLeavesTheRetainGradient(@ForAll("casesThatAgree") Case c) {
    double rho = dot(c.retain, c.forget) / dot(c.forget, c.forget);
    Combination blur = new Blur(rho, 0).combine(gradients(c.forget, c.retain, c.type));
    double[] d = written(blur);

    for (int i = 0; i < LENGTH; i++) {
      assertThat(d[i]).isCloseTo(c.retain[i], within(c.tolerance * norm(c.retain)));
    }
  }

  @Property(seed = "42", tries = 100, shrinking = ShrinkingMode.OFF)
  void scalesOfTheSumsGiveTheMeans(@ForAll("cases") Case c) {
    LossGradients means =
        new LossGradients(
            Optional.of(new LossGradient(vector(times(c.forget, 8), c.type), 1.0 / 8)),
            Optional.of(new LossGradient(vector(times(c.retain, 32), c.type), 1.0 / 32)),
            TestLayout.of(LENGTH));
    Combination expected = c.blur();
    Combination found = new Blur(c.gamma, 0).combine(means);

    assertThat(found.figures()).isEqualTo(expected.figures());
    assertThat(written(found)).containsExactly(written(expected));
  }

  @Property(seed = "42", tries = 100, shrinking = ShrinkingMode.OFF)
  void sumOverWorkersGivesTheLargeBatchDirection(@ForAll("cases") Case c) {
    FlatVector forget = vector(new double[LENGTH], c.type);
    FlatVector retain = vector(new double[LENGTH], c.type);
    for (int worker = 0; worker < 4; worker++) {
      forget.math().addScaled(1, vector(c.forget, c.type), forget);
      retain.math().addScaled(1, vector(c.retain, c.type), retain);
    }
    Combination found =
        new Blur(c.gamma, 0)
            .combine(
                new LossGradients(
                    Optional.of(new LossGradient(forget, 1.0 / 4)),
                    Optional.of(new LossGradient(retain, 1.0 / 4)),
                    TestLayout.of(LENGTH)));

    assertThat(found.norm())
        .isCloseTo(c.blur().norm(), within(c.tolerance * (1 + c.blur().norm())));
  }

  /** Returns what the optimizer would subtract: plain descent of rate 1 from zero, negated. */
  static double[] written(Combination direction) {
    FlatVector like = direction.terms().get(0).vector();
    FlatVector parameters = like.math().zeros(like.length());
    Sgd sgd = new Sgd(0, 0);
    sgd.step(parameters, direction, sgd.newState(parameters), 0, 1);
    // Adding zero turns a negative zero into a positive one.
    return Arrays.stream(Vectors.values(parameters)).map(x -> -x + 0.0).toArray();
  }

  static LossGradients gradients(double[] forget, double[] retain, DataType type) {
    return new LossGradients(
        Optional.of(new LossGradient(vector(forget, type), 1)),
        Optional.of(new LossGradient(vector(retain, type), 1)),
        TestLayout.of(forget.length));
  }

  static FlatVector vector(double[] values, DataType type) {
    return Vectors.of(type, values);
  }

  static double[] times(double[] values, double factor) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }

  static double dot(double[] a, double[] b) {
    List<Double> products = new ArrayList<>();
    for (int i = 0; i < a.length; i++) {
      products.add(a[i] * b[i]);
    }
    return products.stream().mapToDouble(Double::doubleValue).sum();
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** Returns normally distributed numbers with this standard deviation. */
  static double[] normal(Random random, double scale) {
    return DoubleStream.generate(random::nextGaussian).limit(LENGTH).map(x -> scale * x).toArray();
  }

  /** Rounds to the type. */
  static double[] rounded(double[] values, DataType type) {
    return Vectors.values(vector(values, type));
  }
}
