package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

final class DirectionTest {
  private static final double[] RETAIN = {3, -1, 2};
  private static final double[] FORGET = {1, 2, -2};

  @Test
  void aZeroForgetGradientLeavesTheRetainGradient() {
    Combination d = blur(1, 0, new double[3], RETAIN);

    assertThat(values(d)).containsExactly(RETAIN);
    assertThat(d.norm()).isEqualTo(Math.sqrt(14));
    assertThat(d.figures().rho()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-17, 1e-30, 1e-160, 1e-300})
  void aVanishingForgetGradientLeavesTheRetainGradient(double scale) {
    double[] forget = {scale, -scale, scale};
    Combination d = blur(1, 0, forget, RETAIN);

    assertThat(values(d)).containsExactly(RETAIN);
    assertThat(d.figures().isFinite()).isTrue();
  }

  @Test
  void aForgetGradientBelowTheZeroNormLeavesTheRetainGradient() {
    double[] forget = {1e-4, 0, 0};

    assertThat(values(blur(1, 1e-8, forget, RETAIN))).containsExactly(RETAIN);
    assertThat(values(blur(1, 1e-9, forget, RETAIN))[0]).isCloseTo(1e-4, within(1e-12));
  }

  @Test
  void aZeroRetainGradientLeavesGammaTimesTheForgetGradient() {
    Combination d = blur(2, 0, FORGET, new double[3]);

    assertThat(values(d)).containsExactly(2, 4, -4);
    assertThat(d.norm()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3, 0.5, 7})
  void parallelGradientsLeaveGammaTimesTheForgetGradient(double factor) {
    double[] retain = BlurPropertiesTest.times(FORGET, factor);
    double[] d = values(blur(1, 0, FORGET, retain));

    for (int i = 0; i < 3; i++) {
      assertThat(d[i]).isCloseTo(FORGET[i], within(1e-12));
    }
  }

  @Test
  void bothGradientsZeroGiveZero() {
    assertThat(values(blur(1, 0, new double[3], new double[3]))).containsExactly(0, 0, 0);
  }

  @Test
  void theWeightedSumIsTheSum() {
    Combination d =
        new WeightedSum(0.5, 2)
            .combine(BlurPropertiesTest.gradients(FORGET, RETAIN, DataType.DOUBLE));

    assertThat(values(d)).containsExactly(6.5, -1, 3);
    assertThat(d.norm()).isCloseTo(Math.sqrt(6.5 * 6.5 + 1 + 9), within(1e-12));
    assertThat(d.figures().innerProduct()).isEqualTo(3 - 2 - 4);
  }

  @Test
  void aLossOfWeightZeroIsNotUsed() {
    WeightedSum forgetOnly = new WeightedSum(2, 0);
    assertThat(forgetOnly.usesRetain()).isFalse();
    Combination d =
        forgetOnly.combine(
            new LossGradients(
                Optional.of(
                    new LossGradient(BlurPropertiesTest.vector(FORGET, DataType.DOUBLE), 0.5)),
                Optional.empty(),
                TestLayout.of(3)));

    assertThat(values(d)).containsExactly(FORGET);
    assertThat(d.norm()).isEqualTo(3);
    assertThat(d.figures().forgetSquaredNorm()).isEqualTo(9.0 / 4);
  }

  @Test
  void clippingShortensTheAppliedDirection() {
    Combination d = blur(2, 0, FORGET, new double[3]).clipped(3);

    assertThat(values(d)).containsExactly(1, 2, -2);
    assertThat(d.norm()).isEqualTo(3);
    assertThat(d.clipped(4)).isSameAs(d);
  }

  @Test
  void nanAppearsInTheFigures() {
    Combination d = blur(1, 0, FORGET, new double[] {1, Double.NaN, 0});

    assertThat(d.figures().isFinite()).isFalse();
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new Blur(-1, 0)).hasMessage("Invalid gamma: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new Blur(1, Double.NaN))
        .hasMessage("Invalid zero norm: NaN, expected 0 or more");
    assertThatThrownBy(() -> new WeightedSum(0, 0))
        .hasMessage("Invalid weights: forget 0.0, retain 0.0, expected 0 or more and not both 0");
  }

  private static Combination blur(double gamma, double zero, double[] forget, double[] retain) {
    return new Blur(gamma, zero)
        .combine(BlurPropertiesTest.gradients(forget, retain, DataType.DOUBLE));
  }

  private static double[] values(Combination direction) {
    return BlurPropertiesTest.written(direction);
  }
}
