package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.cluster.CountedDecoder;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.FlatVector;
import org.lethe.compute.Vectors;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.token.LearnedWeights;

/** Training in one process gives the parameters of training on Spark. */
final class LocalTrainingTest {
  @TempDir private Path folder;

  private final JavaSparkContext spark = SparkFixture.context();

  @Test
  void roundsEqualThoseOnSpark() {
    assertSame(plan(folder, BLUR));
  }

  @Test
  void roundsWithAnOuterStepEqualThoseOnSpark() {
    assertSame(plan(folder, BLUR.with(new OuterStep(1.2, 0.5))));
  }

  @Test
  void roundsWithLocalMomentsEqualThoseOnSpark() {
    assertSame(plan(folder, BLUR.with(Moments.LOCAL)));
  }

  @Test
  void aScorerOfTokensIsAveragedLikeTheParameters() {
    assertSame(plan(folder, learned(BLUR, Averaging.PARAMETERS)));
  }

  @Test
  void aScorerOfTokensNeedsAveragedParameters() {
    assertThatThrownBy(() -> learned(BLUR, Averaging.GRADIENTS))
        .hasMessage(
            "Invalid token weights: learned, expected averaged parameters and moments, because"
                + " each worker trains the scorer");
  }

  private static TrainingSettings learned(TrainingSettings s, Averaging averaging) {
    return new TrainingSettings(
        new ForgetLoss.Weighted(
            new ForgetLoss.GradientAscent(), new LearnedWeights(1, 0.9, 1e-4, 1, 1)),
        s.retainLoss(),
        s.direction(),
        s.optimizer(),
        s.learningRate(),
        s.maximumNorm(),
        averaging,
        s.rounds(),
        s.localSteps(),
        s.batchSize(),
        s.microBatchSize(),
        s.checkpointEvery(),
        s.seed());
  }

  @Test
  void aWorkerWithoutExamplesHasNoWeight() {
    assertSame(plan(folder, TinyDecoder.FLOAT, BLUR, new int[] {6, 0}, new int[] {9, 4}));
  }

  @Test
  void aPointOfTheLineLiesBetweenTheRounds() {
    TrainingPlan plan = plan(folder, BLUR);
    try (LocalTraining training = start(plan)) {
      training.train();
      double[] start = Vectors.array(training.at(0).parameters()).toDoubleVector();
      double[] end = Vectors.array(training.at(1).parameters()).toDoubleVector();
      double[] middle = Vectors.array(training.at(0.25).parameters()).toDoubleVector();

      assertThat(start)
          .isEqualTo(
              Vectors.array(TinyDecoder.FLOAT.load(new Configuration()).parameters())
                  .toDoubleVector());
      for (int i = 0; i < middle.length; i++) {
        assertThat((float) middle[i]).isEqualTo((float) (0.75 * start[i] + 0.25 * end[i]));
      }
    }
  }

  /** A second model would take as much memory as the first. */
  @Test
  void oneModelServesReferencesAndCandidatesOfThisProcess() {
    CountedDecoder.reset();
    CountedDecoder model = new CountedDecoder(TinyDecoder.FLOAT, "local");
    TrainingPlan plan = plan(folder, model, BLUR, new int[] {6}, new int[] {9});
    assertThat(BLUR.usesReference()).isTrue();
    for (int candidate = 0; candidate < 3; candidate++) {
      try (LocalTraining training = start(plan)) {
        training.train();
      }
    }
    assertThat(CountedDecoder.LOADED).hasValue(1);
  }

  @Test
  void settingsThatNeedTheClusterAreRejected() {
    assertThat(LocalTraining.isLocal(BLUR)).isTrue();
    TrainingPlan plan = plan(folder, gradients(BLUR));
    assertThatThrownBy(() -> start(plan))
        .hasMessage("Invalid settings: GRADIENTS, expected averaged parameters");
  }

  private void assertSame(TrainingPlan plan) {
    double[] expected;
    TrainingResult result = Training.run(spark, plan, TrainingListener.NONE);
    try (RoundState state = result.state()) {
      expected = doubles(state.parameters());
    }
    try (LocalTraining training = start(plan)) {
      for (int round = 1; round <= plan.settings().rounds(); round++) {
        training.train();
        assertThat(training.round()).isEqualTo(round);
      }
      assertThat(doubles(training.at(1).parameters())).isEqualTo(expected);
    }
  }

  private LocalTraining start(TrainingPlan plan) {
    List<String> references =
        plan.settings().usesReference() ? LocalTraining.references(spark, plan) : List.of();
    return new LocalTraining(
        plan.settings(), plan.model(), plan.shards(), references, new Configuration());
  }

  private static double[] doubles(FlatVector vector) {
    return Vectors.array(vector).toDoubleVector();
  }
}
