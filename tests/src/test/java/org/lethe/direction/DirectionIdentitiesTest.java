package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lethe.direction.BlurPropertiesTest.dot;
import static org.lethe.direction.BlurPropertiesTest.norm;
import static org.lethe.direction.BlurPropertiesTest.normal;
import static org.lethe.direction.BlurPropertiesTest.rounded;
import static org.lethe.direction.BlurPropertiesTest.times;
import static org.lethe.direction.BlurPropertiesTest.vector;
import static org.lethe.direction.BlurPropertiesTest.written;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.lethe.direction.Combination.Figures;
import org.lethe.direction.ConflictProjection.Scope;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The defining identity of each sibling of BLUR. Gradients have all angles (including parallel and
 * opposite ones), norms up to a factor of 1e12 apart, and are sometimes zero. Scales of the sums
 * are powers of two, so they add no rounding.
 */
final class DirectionIdentitiesTest {
  private static final int LENGTH = 37;
  private static final long[] TENSORS = {20, 1, 16};

  /**
   * Two gradients and a weight.
   *
   * @param tolerance tolerance of scalars for the type, relative to the largest term
   */
  record Case(double[] forget, double[] retain, double weight, DataType type, double tolerance) {
    /** Returns new vectors each time, because a direction may overwrite them. */
    LossGradients gradients() {
      return new LossGradients(
          Optional.of(new LossGradient(vector(times(forget, 8), type), 1.0 / 8)),
          Optional.of(new LossGradient(vector(times(retain, 4), type), 1.0 / 4)),
          TestLayout.of(TENSORS));
    }

    double[] direction(Direction direction) {
      return written(direction.combine(gradients()));
    }

    /** Returns the rounding error of a product of vectors with these lengths. */
    double rounding(double a, double b) {
      return tolerance * a * b + 1e-40;
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Scales.any(),
            Arbitraries.of(0.0, 0.5, 1.0, 2.0),
            Arbitraries.of(Kind.values()),
            Arbitraries.of(DataType.FLOAT, DataType.FLOAT, DataType.DOUBLE))
        .as(
            (scales, weight, kind, type) -> {
              Random random = scales.random();
              double[] forget = normal(random, scales.forget());
              double[] retain = normal(random, scales.retain());
              kind.bend(forget, retain);
              double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
              return new Case(
                  rounded(forget, type), rounded(retain, type), weight, type, tolerance);
            });
  }

  @Provide
  Arbitrary<Case> casesOfTwoGradients() {
    return cases().filter(c -> norm(c.forget) > 0 && norm(c.retain) > 0);
  }

  /** Angle between the two gradients. */
  enum Kind {
    ANY,
    ANY_TOO,
    PARALLEL,
    OPPOSITE,
    NO_FORGET,
    NO_RETAIN,
    NEITHER,
    HALF_ZERO;

    void bend(double[] forget, double[] retain) {
      double ratio = norm(retain) / norm(forget);
      for (int i = 0; i < LENGTH; i++) {
        switch (this) {
          case PARALLEL -> retain[i] = ratio * forget[i];
          case OPPOSITE -> retain[i] = -ratio * forget[i];
          case NO_FORGET -> forget[i] = 0;
          case NO_RETAIN -> retain[i] = 0;
          case NEITHER -> forget[i] = retain[i] = 0;
          case HALF_ZERO -> retain[i] = i % 2 == 0 ? 0 : retain[i];
          default -> {}
        }
      }
    }
  }

  static final List<Direction> ALL =
      List.of(
          new Blur(1, 0),
          new BlurBarrier(1, 0),
          new BlurMetric(1, 0),
          new BlurRelative(1, 0),
          new BlurScaled(800, 0),
          new BlurSwapped(1, 0),
          new NormalizedDifference(0),
          new ConflictProjection(1, 0.5, Scope.ALL),
          new ConflictProjection(1, 0.5, Scope.TENSOR),
          new PrimalDual(1, 0.5, 5, 0.3, 0),
          new SignAgreement(1, 0.5),
          new WeightedSum(1, 0.5));

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void everyDirectionIsFiniteWithCorrectNormAndFigures(@ForAll("cases") Case c) {
    for (Direction direction : ALL) {
      Combination d = direction.combine(c.gradients());
      double[] values = written(d);
      double terms = terms(direction, c) + norm(values);

      // Compares squares, because near-parallel gradients cancel.
      assertThat(d.norm() * d.norm())
          .as("%s", direction)
          .isCloseTo(dot(values, values), within(3 * c.rounding(terms, terms)));
      assertThat(d.figures().forgetSquaredNorm())
          .isCloseTo(dot(c.forget, c.forget), within(c.rounding(norm(c.forget), norm(c.forget))));
      assertThat(d.figures().innerProduct())
          .isCloseTo(dot(c.forget, c.retain), within(c.rounding(norm(c.forget), norm(c.retain))));
      assertLayersAddUp(c, d.figures());
    }
  }

  private static void assertLayersAddUp(Case c, Figures figures) {
    assertThat(figures.layers())
        .extracting(LayerFigures::layer)
        .containsExactly("tensor0", "tensor1", "tensor2");
    int from = 0;
    for (int i = 0; i < TENSORS.length; i++) {
      int to = from + (int) TENSORS[i];
      double[] f = Arrays.copyOfRange(c.forget, from, to);
      double[] r = Arrays.copyOfRange(c.retain, from, to);
      LayerFigures layer = figures.layers().get(i);
      assertThat(layer.forgetSquaredNorm())
          .isCloseTo(dot(f, f), within(c.rounding(norm(f), norm(f))));
      assertThat(layer.retainSquaredNorm())
          .isCloseTo(dot(r, r), within(c.rounding(norm(r), norm(r))));
      assertThat(layer.innerProduct()).isCloseTo(dot(f, r), within(c.rounding(norm(f), norm(r))));
      from = to;
    }
  }

  /** Returns the length of the terms of a direction, to which its rounding is relative. */
  private static double terms(Direction direction, Case c) {
    if (direction instanceof NormalizedDifference) {
      return 2;
    }
    double scale = direction instanceof BlurScaled scaled ? scaled.alpha() : 1;
    return scale * (norm(c.retain) + norm(c.forget));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void barrierForgetsAtLeastByGammaAndChangesNothingElse(@ForAll("cases") Case c) {
    double[] d = c.direction(new BlurBarrier(c.weight, 0));
    double f = dot(c.forget, c.forget);
    double rf = dot(c.retain, c.forget);
    double rounding = c.rounding(norm(c.forget), norm(c.retain) + (1 + c.weight) * norm(c.forget));

    assertThat(dot(c.forget, d)).isCloseTo(Math.max(c.weight * f, rf), within(2 * rounding));
    if (rf > c.weight * f + rounding) {
      assertThat(d).containsExactly(c.retain, within(c.tolerance * norm(c.retain)));
    }
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void relativePressureDoesNotDependOnTheScaleOfTheForgetLoss(@ForAll("cases") Case c) {
    double[] d = c.direction(new BlurRelative(c.weight, 0));
    double r = norm(c.retain);
    double f = norm(c.forget);

    if (f > 0) {
      assertThat(dot(c.forget, d))
          .isCloseTo(c.weight * r * f, within(3 * c.rounding(f, (1 + c.weight) * r)));
    }
    Case scaled = new Case(times(c.forget, 64), c.retain, c.weight, c.type, c.tolerance);
    assertThat(scaled.direction(new BlurRelative(c.weight, 0)))
        .containsExactly(d, within(c.tolerance * r));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void swappedRolesAreBlurWithTheGradientsExchanged(@ForAll("cases") Case c) {
    Case exchanged = new Case(c.retain, c.forget, c.weight, c.type, c.tolerance);

    assertThat(c.direction(new BlurSwapped(c.weight, 0)))
        .containsExactly(
            exchanged.direction(new Blur(c.weight, 0)),
            within(c.tolerance * (norm(c.forget) + (1 + c.weight) * norm(c.retain))));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void scaledFormEqualsTheWmdpCode(@ForAll("cases") Case c) {
    double alpha = 100 * (1 + c.weight);
    double[] d = c.direction(new BlurScaled(alpha, 0));
    double f = dot(c.forget, c.forget);
    double rho = f == 0 ? 0 : dot(c.retain, c.forget) / f;
    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = c.forget[i] + alpha * (c.retain[i] - rho * c.forget[i]);
    }

    assertThat(d)
        .containsExactly(expected, within(c.tolerance * (norm(c.forget) + alpha * norm(c.retain))));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void normalizedDifferenceStaysInTheConeOfBothGradients(@ForAll("cases") Case c) {
    double[] d = c.direction(new NormalizedDifference(0));
    double f = norm(c.forget);
    double r = norm(c.retain);
    double parts = (f > 0 ? 1 : 0) + (r > 0 ? 1 : 0);
    double cosine = f > 0 && r > 0 ? dot(c.forget, c.retain) / (f * r) : 0;

    assertThat(dot(d, d)).isCloseTo(parts + 2 * cosine, within(10 * c.tolerance));
    assertThat(dot(c.retain, d)).isGreaterThanOrEqualTo(-3 * c.rounding(r, 1));
    assertThat(dot(c.forget, d)).isGreaterThanOrEqualTo(-3 * c.rounding(f, 1));
  }

  /**
   * In the paper's own terms: g_F is the gradient of the likelihood loss; ascent has g_f = -g_F.
   */
  @Property(seed = "42", tries = 50, shrinking = ShrinkingMode.OFF)
  void normalizedDifferenceOverAscentEqualsThePaper(@ForAll("casesOfTwoGradients") Case c) {
    double f = norm(c.forget);
    double r = norm(c.retain);
    double[] likelihood = times(c.forget, -1);
    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = c.retain[i] / r - likelihood[i] / f;
    }

    assertThat(c.direction(new NormalizedDifference(0)))
        .containsExactly(expected, within(c.tolerance));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void projectionNeverWorksAgainstRetaining(@ForAll("cases") Case c) {
    double forgetWeight = 1 + c.weight;
    double[] d = c.direction(new ConflictProjection(forgetWeight, 0.5, Scope.ALL));
    double r = dot(c.retain, c.retain);
    double rf = dot(c.retain, c.forget);
    double rounding =
        3 * forgetWeight * c.rounding(norm(c.retain), norm(c.retain) + norm(c.forget));

    assertThat(dot(c.retain, d))
        .isCloseTo(0.5 * r + forgetWeight * Math.max(0, rf), within(rounding));
    if (rf >= 0) {
      assertThat(d).containsExactly(c.direction(new WeightedSum(forgetWeight, 0.5)));
    }
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void projectionByTensorProjectsEachTensor(@ForAll("cases") Case c) {
    double[] d = c.direction(new ConflictProjection(1, 2, Scope.TENSOR));
    int from = 0;
    for (long length : TENSORS) {
      int to = from + (int) length;
      double[] f = Arrays.copyOfRange(c.forget, from, to);
      double[] r = Arrays.copyOfRange(c.retain, from, to);
      double[] part = Arrays.copyOfRange(d, from, to);
      double expected = 2 * dot(r, r) + Math.max(0, dot(f, r));

      assertThat(dot(r, part))
          .isCloseTo(expected, within(3 * c.rounding(norm(r), norm(r) + norm(f))));
      from = to;
    }
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void signAgreementKeepsTheRetainGradientWhereSignsDiffer(@ForAll("cases") Case c) {
    double[] d = c.direction(new SignAgreement(1, 0.5));

    for (int i = 0; i < LENGTH; i++) {
      double expected = c.forget[i] * c.retain[i] < 0 ? 0.5 * c.retain[i] : c.forget[i];
      assertThat(d[i]).isCloseTo(expected, within(c.tolerance * Math.abs(expected)));
      assertThat(d[i] * c.retain[i]).isGreaterThanOrEqualTo(0);
    }
  }
}
