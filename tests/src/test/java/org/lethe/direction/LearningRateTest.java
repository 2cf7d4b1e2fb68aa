package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class LearningRateTest {
  @Test
  void warmUpRisesFromTheFirstStepOn() {
    LearningRate rate = new LearningRate.Constant(1, 4);

    assertThat(rate.at(0, 10)).isEqualTo(0.25);
    assertThat(rate.at(3, 10)).isEqualTo(1);
    assertThat(rate.at(9, 10)).isEqualTo(1);
  }

  @Test
  void linearFallsTowardsZeroAfterTheLastStep() {
    LearningRate rate = new LearningRate.Linear(2, 0);

    assertThat(rate.at(0, 4)).isEqualTo(2);
    assertThat(rate.at(3, 4)).isEqualTo(0.5);
    assertThat(rate.at(4, 4)).isZero();
  }

  @Test
  void cosineIsHalfInTheMiddleAndEndsAtItsShare() {
    LearningRate rate = new LearningRate.Cosine(1, 2, 0.1);

    assertThat(rate.at(2, 12)).isEqualTo(1);
    assertThat(rate.at(7, 12)).isCloseTo(0.55, within(1e-12));
    assertThat(rate.at(12, 12)).isCloseTo(0.1, within(1e-12));
  }

  @Property(seed = "42", tries = 200, shrinking = ShrinkingMode.OFF)
  void lowestPointOfAParabolaIsSlopeByCurvature(
      @ForAll @DoubleRange(min = 0.01, max = 10) double slope,
      @ForAll @DoubleRange(min = 0.01, max = 10) double curvature) {
    // L(x) = 3 - slope x + curvature x^2 / 2, x in steps.
    Parabola probe = new Parabola(3 + slope + curvature / 2, 3, 3 - slope + curvature / 2);

    assertThat(probe.descent()).isCloseTo(slope, within(1e-12));
    assertThat(probe.curvature()).isCloseTo(curvature, within(1e-12));
    assertThat(probe.lowest().orElseThrow())
        .isCloseTo(slope / curvature, within(1e-9 * slope / curvature));
  }

  @Test
  void automaticRateMovesTowardsTheLowestPoint() {
    LearningRate.Automatic rate = automatic(0.9);

    // Lowest at 1.5 steps, at 0.8, and beyond the limit of one correction.
    assertThat(rate.corrected(1, bowl(1.5, 1))).isCloseTo(1.05, within(1e-12));
    assertThat(rate.corrected(2, bowl(0.8, 1))).isCloseTo(2 * 0.98, within(1e-12));
    assertThat(rate.corrected(1, bowl(40, 1))).isCloseTo(1.1, within(1e-12));
    assertThat(rate.corrected(1, bowl(0.01, 1))).isCloseTo(0.95, within(1e-12));
    assertThat(automatic(0).corrected(1, bowl(1.5, 1))).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void automaticRateFallsIfTheRetainLossRises() {
    LearningRate.Automatic rate = automatic(0.9);

    // Uphill in a bowl and on a hill, level, and a step into NaN.
    assertThat(rate.corrected(1, bowl(-1, 1))).isCloseTo(0.95, within(1e-12));
    assertThat(rate.corrected(1, bowl(1, -1))).isCloseTo(0.95, within(1e-12));
    assertThat(rate.corrected(1, new Parabola(1, 1, 1))).isCloseTo(0.95, within(1e-12));
    assertThat(rate.corrected(1, new Parabola(1, 1, Double.NaN))).isCloseTo(0.95, within(1e-12));
    assertThat(rate.corrected(1, new Parabola(1, 1, Double.POSITIVE_INFINITY)))
        .isCloseTo(0.95, within(1e-12));
  }

  @Test
  void automaticRateStaysWithoutALowestPoint() {
    assertThat(automatic(0.9).corrected(1.3, bowl(-1, -1))).isCloseTo(1.3, within(1e-12));
  }

  @Test
  void theLowestPointOfAStraightLineIsFarAway() {
    LearningRate.Automatic rate = automatic(0.9);

    assertThat(rate.corrected(1, new Parabola(1.25, 1, 0.75))).isCloseTo(1.1, within(1e-12));
    // A bend from rounding alone, in either direction.
    assertThat(rate.corrected(1, new Parabola(1.25, 1, 0.75 + 1e-9))).isCloseTo(1.1, within(1e-12));
    assertThat(rate.corrected(1, new Parabola(1.25, 1, 0.75 - 1e-9))).isCloseTo(1.1, within(1e-12));
  }

  @Test
  void theAutomaticRateStaysWithinItsBounds() {
    LearningRate.Automatic rate = automatic(0.9);
    double high = 1;
    double low = 1;
    for (int i = 0; i < 200; i++) {
      high = rate.corrected(high, bowl(9, 1));
      low = rate.corrected(low, bowl(-9, 1));
    }

    assertThat(high).isEqualTo(100);
    assertThat(low).isEqualTo(0.01);
  }

  @Test
  void probesAreDueAtTheirIntervalForAnyRoundLength() {
    LearningRate.Automatic rate = automatic(0.9);

    assertThat(rate.isDue(8, 9)).isFalse();
    assertThat(rate.isDue(9, 10)).isTrue();
    assertThat(rate.isDue(10, 11)).isFalse();
    assertThat(rate.isDue(8, 16)).isTrue();
    assertThat(rate.isDue(0, 32)).isTrue();
    assertThat(rate.at(3, 8)).isEqualTo(0.5);
  }

  private static LearningRate.Automatic automatic(double smoothing) {
    return new LearningRate.Automatic(new LearningRate.Constant(0.5, 0), 10, smoothing, 0.01, 100);
  }

  /** L(x) = 7 + curvature (x - lowest)^2 / 2 around its lowest (or highest) point. */
  private static Parabola bowl(double lowest, double curvature) {
    return new Parabola(
        7 + curvature * (-1 - lowest) * (-1 - lowest) / 2,
        7 + curvature * lowest * lowest / 2,
        7 + curvature * (1 - lowest) * (1 - lowest) / 2);
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new LearningRate.Constant(-1, 0))
        .hasMessage("Invalid learning rate: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new LearningRate.Linear(1, -1))
        .hasMessage("Invalid warm-up: -1 steps, expected 0 or more");
    assertThatThrownBy(() -> new LearningRate.Cosine(1, 0, 2))
        .hasMessage("Invalid final share: 2.0, expected 0 to 1");
    LearningRate flat = new LearningRate.Constant(1, 0);
    assertThatThrownBy(() -> new LearningRate.Automatic(flat, 0, 0.9, 0.01, 100))
        .hasMessage("Invalid probe interval: 0 steps, expected at least 1");
    assertThatThrownBy(() -> new LearningRate.Automatic(flat, 1, 1, 0.01, 100))
        .hasMessage("Invalid smoothing: 1.0, expected 0 <= smoothing < 1");
    assertThatThrownBy(() -> new LearningRate.Automatic(flat, 1, 0.9, 2, 100))
        .hasMessage(
            "Invalid bounds of the automatic rate: 2.0 to 100.0, expected 0 < least <= 1 <= most");
  }
}
