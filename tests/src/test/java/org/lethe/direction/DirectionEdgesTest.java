package org.lethe.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lethe.direction.BlurPropertiesTest.vector;
import static org.lethe.direction.BlurPropertiesTest.written;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lethe.compute.FlatVector;
import org.lethe.compute.VectorMath.Term;
import org.lethe.direction.ConflictProjection.Scope;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.model.TestLayout;
import org.nd4j.linalg.api.buffer.DataType;

/** Gradients at the ends of FLOAT's range, NaN, and vectors of more than one block. */
final class DirectionEdgesTest {
  static Stream<Direction> directions() {
    return DirectionIdentitiesTest.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("directions")
  void nanInEitherGradientAppearsInTheFigures(Direction direction) {
    double[] broken = {1, Double.NaN, 2};
    double[] sound = {1, -1, 2};

    assertThat(direction.combine(gradients(broken, sound)).figures().isFinite()).isFalse();
    assertThat(direction.combine(gradients(sound, broken)).figures().isFinite()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("directions")
  void gradientsAtTheEndsOfTheFloatRangeStayFinite(Direction direction) {
    for (double forget : new double[] {0, 1e-44, 1e-30, 1, 1e15}) {
      for (double retain : new double[] {0, 1e-44, 1e-30, 1, 1e15}) {
        Combination d =
            direction.combine(
                gradients(
                    new double[] {forget, -forget, forget},
                    new double[] {-retain, -retain, retain}));
        assertThat(d.figures().isFinite()).isTrue();
        assertThat(d.norm()).isFinite();
        for (Term term : d.terms()) {
          assertThat(term.weight()).isFinite();
        }
      }
    }
  }

  @Test
  void vectorsOfManyBlocksAreSplitAtTensors() {
    int length = 100_000;
    FlatVector forget = vector(new double[length], DataType.FLOAT);
    FlatVector retain = vector(new double[length], DataType.FLOAT);
    forget.math().fill(1, forget);
    retain.math().fill(-1, retain);
    retain.math().fill(2, retain.slice(0, 60_000));
    LossGradients gradients =
        new LossGradients(
            Optional.of(new LossGradient(forget, 0.5)),
            Optional.of(new LossGradient(retain, 0.25)),
            TestLayout.of(60_000, 40_000));

    Combination d = new ConflictProjection(1, 1, Scope.TENSOR).combine(gradients);
    double[] values = written(d);
    assertThat(values[59_999]).isEqualTo(1);
    assertThat(values[60_000]).isEqualTo(-0.25f);
    assertThat(d.norm()).isCloseTo(Math.sqrt(60_000 + 40_000 / 16.0), within(1e-9));
  }

  @Test
  void settingsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new BlurScaled(0, 0))
        .hasMessage("Invalid alpha: 0.0, expected above 0");
    assertThatThrownBy(() -> new BlurBarrier(-1, 0))
        .hasMessage("Invalid gamma: -1.0, expected 0 or more");
    assertThatThrownBy(() -> new NormalizedDifference(Double.NaN))
        .hasMessage("Invalid zero norm: NaN, expected 0 or more");
    for (List<Double> weights : List.of(List.of(0.0, 0.0), List.of(-1.0, 1.0))) {
      assertThatThrownBy(() -> new SignAgreement(weights.get(0), weights.get(1)))
          .hasMessage(
              "Invalid weights: forget %s, retain %s, expected 0 or more and not both 0",
              weights.get(0), weights.get(1));
    }
  }

  private static LossGradients gradients(double[] forget, double[] retain) {
    return new LossGradients(
        Optional.of(new LossGradient(vector(Arrays.copyOf(forget, 3), DataType.FLOAT), 1)),
        Optional.of(new LossGradient(vector(retain, DataType.FLOAT), 1)),
        TestLayout.of(2, 1));
  }
}
