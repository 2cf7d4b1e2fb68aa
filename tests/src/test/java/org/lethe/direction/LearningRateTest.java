package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
  void cosineIsHalfWayInTheMiddleAndEndsAtItsShare() {
    LearningRate rate = new LearningRate.Cosine(1, 2, 0.1);

    assertThat(rate.at(2, 12)).isEqualTo(1);
    assertThat(rate.at(7, 12)).isCloseTo(0.55, within(1e-12));
    assertThat(rate.at(12, 12)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new LearningRate.Constant(-1, 0))
        .hasMessage("Invalid learning rate: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new LearningRate.Linear(1, -1))
        .hasMessage("Invalid warm-up: -1 steps, expected 0 or more");
    assertThatThrownBy(() -> new LearningRate.Cosine(1, 0, 2))
        .hasMessage("Invalid final share: 2.0, expected 0 to 1");
  }
}
