package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lethe.compute.Vectors;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

/** The dual variable of PDU. */
final class PrimalDualTest {
  private static final PrimalDual RULE = new PrimalDual(2, 1, 5, 0.3, 2);

  @Test
  void theDirectionIsTheGradientOfTheLagrangian() {
    LossGradients gradients =
        new LossGradients(
            Optional.of(new LossGradient(Vectors.of(DataType.DOUBLE, 4, 0), 0.5)),
            Optional.of(new LossGradient(Vectors.of(DataType.DOUBLE, 4, 8), 0.25)),
            TestLayout.of(2));

    // g_f = (2, 0), g_r = (1, 2): 2 g_f + 3 g_r = (7, 6).
    Combination d = RULE.withDualVariable(3).combine(gradients);
    assertThat(BlurPropertiesTest.written(d)).containsExactly(7, 6);
    assertThat(d.norm()).isCloseTo(Math.sqrt(85), within(1e-12));
    assertThat(BlurPropertiesTest.written(RULE.withDualVariable(0).combine(gradients)))
        .containsExactly(4, 0);
  }

  @Test
  void dualVariableGrowsAboveTheBoundAndShrinksBelowIt() {
    assertThat(RULE.after(2, 0.5).dualVariable()).isCloseTo(2, within(1e-12));
    assertThat(RULE.after(2, 0.2).dualVariable()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void dualVariableNeverFallsBelowZero() {
    assertThat(RULE.after(2, 0.0).dualVariable()).isZero();
  }

  @Test
  void dualVariableIsConstantDuringWarmUp() {
    assertThat(RULE.after(1, 7)).isEqualTo(RULE);
    assertThat(RULE.after(2, 7)).isNotEqualTo(RULE);
  }

  @Test
  void otherDirectionsHaveNoDualVariable() {
    Direction blur = new Blur(1, 0);

    assertThat(blur.dualVariable()).isZero();
    assertThat(blur.after(2, 7)).isSameAs(blur);
    assertThat(blur.withDualVariable(3)).isSameAs(blur);
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new PrimalDual(0, 1, 1, 1, 0))
        .hasMessage("Invalid forget weight: 0.0, expected above 0");
    assertThatThrownBy(() -> new PrimalDual(1, -1, 1, 1, 0))
        .hasMessage("Invalid dual variable: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new PrimalDual(1, 1, Double.NaN, 1, 0))
        .hasMessage("Invalid dual step size: NaN, expected 0 or more");
    assertThatThrownBy(() -> new PrimalDual(1, 1, 1, -1, 0))
        .hasMessage("Invalid retain loss bound: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new PrimalDual(1, 1, 1, 1, -1))
        .hasMessage("Invalid dual warm-up steps: -1.0, expected 0 or more");
  }
}
