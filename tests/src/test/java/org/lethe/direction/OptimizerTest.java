package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.Term;
import org.lethe.compute.Vectors;
import org.lethe.direction.Combination.Figures;
import org.nd4j.linalg.api.buffer.DataType;

final class OptimizerTest {
  /**
   * Parameters after three steps with gradient p + step (steps 0, 1, 2), computed with
   * torch.optim.AdamW in float64: lr 0.01, betas (0.9, 0.99), eps 1e-8, weight decay 0.1, p0 = (1,
   * -2, 0.5).
   */
  private static final double[] ADAMW = {
    0.9678268825850704, -1.9675674528939793, 0.47019324435728704
  };

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void adamWFollowsPyTorch(DataType type) {
    AdamW adam = new AdamW(0.9, 0.99, 1e-8, 0.1);
    FlatVector p = Vectors.of(type, 1.0, -2.0, 0.5);
    OptimizerState state = adam.newState(p);
    for (int step = 0; step < 3; step++) {
      adam.step(p, direction(shifted(p, step)), state, step, 0.01);
    }

    double tolerance = type == DataType.FLOAT ? 1e-6 : 1e-13;
    for (int i = 0; i < 3; i++) {
      assertThat(Vectors.value(p, i)).isCloseTo(ADAMW[i], within(tolerance));
    }
  }

  /** torch.optim.SGD in float64: lr 0.1, momentum 0.9, the same gradients, no decay. */
  private static final double[] SGD = {0.10599999999999991, -1.352, -0.13699999999999998};

  @Test
  void descentWithMomentumFollowsPyTorch() {
    Sgd sgd = new Sgd(0.9, 0);
    FlatVector p = Vectors.of(DataType.DOUBLE, 1.0, -2.0, 0.5);
    OptimizerState state = sgd.newState(p);
    for (int step = 0; step < 3; step++) {
      sgd.step(p, direction(shifted(p, step)), state, step, 0.1);
    }

    for (int i = 0; i < 3; i++) {
      assertThat(Vectors.value(p, i)).isCloseTo(SGD[i], within(1e-14));
    }
  }

  @Test
  void weightDecayOfDescentIsDecoupled() {
    FlatVector p = Vectors.of(DataType.DOUBLE, 2.0);
    new Sgd(0, 0.5).step(p, direction(Vectors.of(DataType.DOUBLE, 0.0)), none(p), 0, 0.1);

    assertThat(Vectors.value(p, 0)).isEqualTo(2 * 0.95);
  }

  @Test
  void twoTermsAreAddedWithTheirWeights() {
    FlatVector p = Vectors.of(DataType.DOUBLE, 0.0);
    Combination d =
        new Combination(
            List.of(
                new Term(Vectors.of(DataType.DOUBLE, 3.0), 2),
                new Term(Vectors.of(DataType.DOUBLE, 5.0), -1)),
            1,
            new Figures(0, 0, 0, 0, List.of()));
    new Sgd(0, 0).step(p, d, none(p), 0, 1);

    assertThat(Vectors.value(p, 0)).isEqualTo(-1);
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0))
        .hasMessage("Invalid betas: 1.0, 0.9, expected 0 <= beta < 1");
    assertThatThrownBy(() -> new AdamW(0.9, 0.9, 0, 0))
        .hasMessage("Invalid epsilon: 0.0, expected above 0");
    assertThatThrownBy(() -> new Sgd(1, 0))
        .hasMessage("Invalid momentum: 1.0, expected 0 <= momentum < 1");
  }

  private static OptimizerState none(FlatVector parameters) {
    return new Sgd(0, 0).newState(parameters);
  }

  private static FlatVector shifted(FlatVector p, double shift) {
    return Vectors.of(p.type(), Arrays.stream(Vectors.values(p)).map(x -> x + shift).toArray());
  }

  private static Combination direction(FlatVector gradient) {
    return new Combination(List.of(new Term(gradient, 1)), 1, new Figures(0, 0, 0, 0, List.of()));
  }
}
