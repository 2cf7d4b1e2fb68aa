package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.automatic;
import static org.lethe.cluster.training.TrainingFixture.divergence;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;
import static org.lethe.cluster.training.TrainingFixture.with;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.SparkFixture;
import org.lethe.cluster.DecoderSource;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.corpus.ShardFixture;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Parabola;
import org.lethe.direction.WeightedSum;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossSum;
import org.lethe.objective.RetainLoss;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/** Probes of the retain loss and their effect on the rate. */
final class RateProbeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Averaging.class)
  void aProbeLeavesParametersAndMomentsAlone(Averaging averaging) {
    TrainingSettings held = with(automatic(1, 1), averaging, 4, 2, 4);
    RoundState without =
        run(plan(folder.resolve("without"), with(BLUR, averaging, 4, 2, 4))).state();
    RoundState probed = run(plan(folder.resolve("probed"), held)).state();

    assertThat(Vectors.values(probed.parameters())).isEqualTo(Vectors.values(without.parameters()));
    assertThat(Vectors.values(probed.optimizer().vectors()))
        .isEqualTo(Vectors.values(without.optimizer().vectors()));
  }

  @Test
  void bothAveragingModesProbeAlikeForOneWorkerAndOneLocalStep() {
    TrainingSettings settings = with(automatic(0.01, 100), Averaging.PARAMETERS, 3, 1, 4);
    RoundState parameters = run(one(folder.resolve("p"), TinyDecoder.FLOAT, settings)).state();
    RoundState gradients =
        run(one(folder.resolve("g"), TinyDecoder.FLOAT, gradients(settings))).state();

    assertThat(parameters.rateFactor()).isNotEqualTo(1);
    assertThat(gradients.rateFactor()).isEqualTo(parameters.rateFactor());
    assertThat(Vectors.values(gradients.parameters()))
        .isEqualTo(Vectors.values(parameters.parameters()));
  }

  /** Computes the three losses separately. */
  @Test
  void theFactorIsThatOfTheParabolaThroughTheStepAndItsMirrorImage() {
    LearningRate.Automatic rate =
        new LearningRate.Automatic(new LearningRate.Constant(1e-2, 0), 1, 0.5, 0.01, 100);
    // All 7 retain examples form one batch.
    TrainingSettings settings = with(with(BLUR, rate), Averaging.PARAMETERS, 1, 1, 100);
    RoundState after = run(one(folder, TinyDecoder.DOUBLE, settings)).state();

    try (Decoder decoder = TinyDecoder.DOUBLE.load(new Configuration())) {
      FlatVector start = decoder.parameters().math().copyOf(decoder.parameters());
      double here = retainLoss(decoder);
      decoder.parameters().math().copy(after.parameters(), decoder.parameters());
      double ahead = retainLoss(decoder);
      start.math().axpby(-1, after.parameters(), 2, start);
      decoder.parameters().math().copy(start, decoder.parameters());
      Parabola expected = new Parabola(retainLoss(decoder), here, ahead);

      assertThat(after.rateFactor()).isCloseTo(rate.corrected(1, expected), within(1e-9));
      assertThat(after.rateFactor()).isNotEqualTo(1);
    }
  }

  @Test
  void ordinaryTrainingWithATinyRateIsTakenToALargerOne() {
    LearningRate.Automatic rate =
        new LearningRate.Automatic(new LearningRate.Constant(1e-5, 0), 1, 0, 0.01, 1000);
    TrainingSettings settings =
        new TrainingSettings(
            BLUR.forgetLoss(),
            BLUR.retainLoss(),
            new WeightedSum(0, 1),
            new AdamW(0.9, 0.999, 1e-8, 0),
            rate,
            Double.POSITIVE_INFINITY,
            Averaging.GRADIENTS,
            8,
            1,
            100,
            100,
            8,
            1);
    TrainingResult result = run(one(folder, TinyDecoder.DOUBLE, settings));

    assertThat(result.metrics().get(7).learningRate()).isGreaterThan(4e-5);
  }

  /** Retain losses other than the plain one come only with their gradient. */
  @Test
  void aDivergenceIsProbedToo() {
    TrainingSettings settings = divergence(automatic(0.01, 100), 3);
    TrainingResult result =
        run(plan(folder, TinyDecoder.LORA, settings, new int[] {7, 5}, new int[] {9, 8}));

    assertThat(result.state().rateFactor()).isBetween(0.2, 1.0).isNotEqualTo(1);
  }

  @Test
  void withoutARetainLossThereIsNothingToProbe() {
    assertThatThrownBy(
            () ->
                new TrainingSettings(
                    BLUR.forgetLoss(),
                    BLUR.retainLoss(),
                    new WeightedSum(1, 0),
                    BLUR.optimizer(),
                    automatic(0.01, 100).learningRate(),
                    1,
                    Averaging.PARAMETERS,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1))
        .hasMessage(
            "Invalid learning rate: automatic, expected a direction with a retain loss to probe");
  }

  private static double retainLoss(Decoder decoder) {
    List<Example> examples = ShardFixture.examples("retain", 7, 64);
    try (Gradients ignored = decoder.newGradients()) {
      LossSum sum =
          new RetainLoss.NegativeLogLikelihood()
              .objective(Optional.empty())
              .accumulate(decoder, Batch.of(examples), ignored);
      return sum.mean();
    }
  }

  private static TrainingPlan one(Path folder, DecoderSource model, TrainingSettings settings) {
    return plan(folder, model, settings, new int[] {6}, new int[] {7});
  }

  private static TrainingResult run(TrainingPlan plan) {
    return Training.run(SparkFixture.context(), plan, TrainingListener.NONE);
  }
}
