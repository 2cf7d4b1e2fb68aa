package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;

import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.SparkFixture;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.nd4j.linalg.api.buffer.DataType;

final class OuterStepTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @TempDir Path folder;

  /**
   * torch.optim.SGD(lr=0.7, momentum=0.9, nesterov=True) on [1.0, -2.0] with the gradients [0.5,
   * 0.25] and [-0.1, 0.3], in float64.
   */
  @Test
  void theStepIsNesterovsMomentumOfPyTorch() {
    OuterStep step = new OuterStep(0.7, 0.9);
    FlatVector parameters = Vectors.of(DataType.DOUBLE, 1, -2);
    FlatVector velocity = Vectors.of(DataType.DOUBLE, 0, 0);

    step.apply(parameters, Vectors.of(DataType.DOUBLE, 0.5, -2.25), velocity);
    assertThat(Vectors.values(parameters)).containsExactly(new double[] {0.335, -2.3325}, EXACT);

    double[] start = Vectors.values(parameters);
    step.apply(parameters, Vectors.of(DataType.DOUBLE, start[0] + 0.1, start[1] - 0.3), velocity);
    assertThat(Vectors.values(parameters)).containsExactly(new double[] {0.1845, -2.87325}, EXACT);
  }

  /** Workers take a step without momentum; the driver takes the same one through the formula. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 0.5})
  void aStepWithoutMomentumIsTheSameOnWorkersAndDriver(double rate) {
    double[] workers = trained("workers", new OuterStep(rate, 0));
    double[] driver = trained("driver", new OuterStep(rate, Double.MIN_VALUE));
    for (int i = 0; i < workers.length; i++) {
      assertThat(driver[i]).isCloseTo(workers[i], within(1e-5));
    }
    if (rate != 1) {
      assertThat(workers).isNotEqualTo(trained("mean", OuterStep.MEAN));
    }
  }

  private double[] trained(String name, OuterStep step) {
    RoundState state =
        Training.run(
                SparkFixture.context(),
                plan(folder.resolve(name), BLUR.with(step)),
                TrainingListener.NONE)
            .state();
    return Vectors.values(state.parameters());
  }

  @Test
  void aStepToTheMeanChangesNoDigest() {
    assertThat(BLUR.identity()).doesNotContain("outer");
    assertThat(BLUR.with(new OuterStep(0.7, 0.9)).identity())
        .contains("outerStep=OuterStep[rate=0.7, momentum=0.9]");
  }

  @Test
  void invalidStepsAreRefused() {
    assertThatThrownBy(() -> new OuterStep(0, 0))
        .hasMessage("Invalid outer rate: 0.0, expected above 0");
    assertThatThrownBy(() -> new OuterStep(1, 1))
        .hasMessage("Invalid outer momentum: 1.0, expected in [0, 1)");
    assertThatThrownBy(() -> gradients(BLUR).with(new OuterStep(2, 0)))
        .hasMessage(
            "Invalid outer step: OuterStep[rate=2.0, momentum=0.0], expected none with averaged"
                + " gradients");
  }
}
