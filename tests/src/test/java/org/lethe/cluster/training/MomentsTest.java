package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.SparkFixture;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.Vectors;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.run.PhaseHook;
import org.lethe.tensor.SafetensorsReader;

final class MomentsTest {
  private static final TrainingSettings LOCAL = BLUR.with(Moments.LOCAL);

  @TempDir Path folder;

  @AfterEach
  void clearHook() {
    PhaseHook.clear();
  }

  /**
   * AdamW's first step is the rate times the sign of the gradient, and every round has one step.
   */
  @Test
  void everyRoundStartsWithoutMoments() {
    double rate = 1e-2;
    TrainingPlan plan =
        plan(
            folder.resolve("run"),
            TinyDecoder.FLOAT,
            new TrainingSettings(
                    BLUR.forgetLoss(),
                    BLUR.retainLoss(),
                    BLUR.direction(),
                    new AdamW(0.9, 0.999, 1e-12, 0),
                    new LearningRate.Constant(rate, 0),
                    1,
                    Averaging.PARAMETERS,
                    2,
                    1,
                    4,
                    4,
                    1,
                    42)
                .with(Moments.LOCAL),
            new int[] {8},
            new int[] {8});
    double[] start = Vectors.values(TinyDecoder.FLOAT.load(new Configuration()).parameters());
    double[] end =
        Vectors.values(
            Training.run(SparkFixture.context(), plan, TrainingListener.NONE).state().parameters());

    long others = 0;
    for (int i = 0; i < start.length; i++) {
      double steps = Math.abs(end[i] - start[i]) / rate;
      others += Math.abs(steps - 1) < 0.99 ? 1 : 0;
    }
    // Gradients near the optimizer's epsilon move less than a whole step.
    assertThat(others).isLessThan(start.length / 100);
  }

  @ParameterizedTest
  @CsvSource({
    "round:contribution, 3",
    "round:aggregated, 2",
    "round:before-checkpoint, 2",
    "round:after-checkpoint, 3"
  })
  void aResumedRunEqualsAnUninterruptedOne(String phase, int time) throws IOException {
    TrainingPlan whole = plan(folder.resolve("whole"), LOCAL);
    Training.run(SparkFixture.context(), whole, TrainingListener.NONE);
    TrainingPlan cut = plan(folder.resolve("cut"), LOCAL);
    AtomicInteger left = new AtomicInteger(time);
    PhaseHook.install(
        reached -> {
          if (reached.equals(phase) && left.decrementAndGet() == 0) {
            throw new IllegalStateException("stopped by the test");
          }
        });
    assertThatThrownBy(() -> Training.run(SparkFixture.context(), cut, TrainingListener.NONE))
        .hasStackTraceContaining("stopped by the test");
    PhaseHook.clear();
    Training.run(SparkFixture.context(), cut, TrainingListener.NONE);

    assertThat(Files.readAllBytes(state("cut"))).isEqualTo(Files.readAllBytes(state("whole")));
  }

  @Test
  void aCheckpointHoldsNoMoments() {
    Training.run(SparkFixture.context(), plan(folder.resolve("run"), LOCAL), TrainingListener.NONE);

    assertThat(SafetensorsReader.open(state("run")).names()).containsExactly("parameters");
  }

  private Path state(String run) {
    return folder.resolve(run).resolve("rounds/000004/state.safetensors");
  }

  @Test
  void averagedMomentsChangeNoDigest() {
    assertThat(BLUR.identity()).doesNotContain("moments");
    assertThat(LOCAL.identity()).contains("moments=LOCAL");
  }

  @Test
  void averagedGradientsHaveNoLocalMoments() {
    assertThatThrownBy(() -> gradients(BLUR).with(Moments.LOCAL))
        .hasMessage(
            "Invalid moments: local, expected averaged with averaged gradients, whose one step is"
                + " the driver's");
  }
}
