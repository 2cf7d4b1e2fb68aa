package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.divergence;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;
import static org.lethe.cluster.training.TrainingFixture.with;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.SparkFixture;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.TestBackend;
import org.lethe.compute.Vectors;
import org.lethe.direction.AdamW;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Sgd;
import org.lethe.direction.WeightedSum;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.objective.ForgetLoss;
import org.nd4j.linalg.api.ndarray.INDArray;

final class TrainingTest {
  @TempDir Path folder;

  private final JavaSparkContext spark = SparkFixture.context();

  @Test
  void unlearningRaisesTheForgetLossAndTellsOfEveryRound() {
    TrainingResult result = run(plan(folder, BLUR));

    List<RoundMetrics> metrics = result.metrics();
    assertThat(metrics).extracting(RoundMetrics::round).containsExactly(1, 2, 3, 4);
    assertThat(metrics.get(3).step()).isEqualTo(8);
    // NPO falls as the forget examples become less likely.
    assertThat(metrics.get(3).forgetLoss()).isLessThan(metrics.get(0).forgetLoss());
    assertThat(metrics.get(0).forgetExamples()).isEqualTo(16);
    assertThat(metrics.get(0).forgetSquaredNorm()).isPositive();
    assertThat(metrics.get(0).seconds()).isGreaterThanOrEqualTo(metrics.get(0).sparkSeconds());
    assertThat(result.state().round()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(Averaging.class)
  void theFiguresOfTheLayersAddUpToThoseOfTheWhole(Averaging averaging) {
    RoundMetrics round = run(plan(folder, with(BLUR, averaging, 1, 2, 4))).metrics().get(0);

    assertThat(round.layers())
        .extracting(RoundMetrics.Layer::name)
        .containsExactly("embed_tokens", "layers.0", "layers.1", "norm");
    assertThat(round.layers().stream().mapToDouble(RoundMetrics.Layer::forgetSquaredNorm).sum())
        .isCloseTo(round.forgetSquaredNorm(), withinPercentage(1e-8));
    assertThat(round.layers().stream().mapToDouble(RoundMetrics.Layer::retainSquaredNorm).sum())
        .isCloseTo(round.retainSquaredNorm(), withinPercentage(1e-8));
    assertThat(round.layers().stream().mapToDouble(RoundMetrics.Layer::innerProduct).sum())
        .isCloseTo(round.innerProduct(), withinPercentage(1e-6));
  }

  @Test
  void finetuningLowersTheLoss() {
    TrainingSettings settings =
        new TrainingSettings(
            BLUR.forgetLoss(),
            BLUR.retainLoss(),
            new WeightedSum(0, 1),
            new AdamW(0.9, 0.999, 1e-8, 0),
            new LearningRate.Constant(1e-2, 0),
            1,
            Averaging.PARAMETERS,
            6,
            4,
            8,
            8,
            6,
            1);
    TrainingPlan plan = plan(folder, settings);
    TrainingPlan one =
        new TrainingPlan(
            plan.model(),
            plan.shards().stream().map(WorkerShards::asOneCorpus).toList(),
            settings,
            plan.directory());
    List<RoundMetrics> metrics = run(one).metrics();

    assertThat(metrics.get(5).retainLoss()).isLessThan(0.8 * metrics.get(0).retainLoss());
    assertThat(metrics.get(5).forgetExamples()).isZero();
  }

  @Test
  void bothAveragingModesAgreeForOneWorkerAndOneLocalStep() {
    TrainingSettings one = with(BLUR, Averaging.PARAMETERS, 3, 1, 4);
    double[] parameters =
        parameters(plan(folder.resolve("p"), TinyDecoder.FLOAT, one, new int[] {6}, new int[] {7}));
    double[] gradients =
        parameters(
            plan(
                folder.resolve("g"),
                TinyDecoder.FLOAT,
                gradients(one),
                new int[] {6},
                new int[] {7}));

    assertThat(gradients).isEqualTo(parameters);
  }

  @ParameterizedTest
  @EnumSource
  void averagedGradientsGiveTheDirectionOfOneLargeBatch(TestBackend backend) {
    TinyDecoder decoder = new TinyDecoder("full", backend);
    TrainingResult whole = firstStep(decoder, "1", new int[] {12}, new int[] {8});
    TrainingResult half = firstStep(decoder, "2", new int[] {7, 5}, new int[] {6, 2});
    TrainingResult quarter =
        firstStep(decoder, "4", new int[] {3, 4, 0, 5}, new int[] {2, 3, 3, 0});
    INDArray start = Vectors.array(decoder.load(new Configuration()).parameters());
    INDArray direction = start.sub(Vectors.array(whole.state().parameters()));
    RoundMetrics one = whole.metrics().get(0);

    for (TrainingResult workers : List.of(half, quarter)) {
      INDArray difference = start.sub(Vectors.array(workers.state().parameters())).sub(direction);
      assertThat(difference.norm2Number().doubleValue())
          .isLessThan(1e-5 * direction.norm2Number().doubleValue());
      RoundMetrics many = workers.metrics().get(0);
      assertThat(many.forgetLoss()).isCloseTo(one.forgetLoss(), within(1e-5));
      assertThat(many.retainLoss()).isCloseTo(one.retainLoss(), within(1e-5));
      assertThat(many.forgetSquaredNorm() / one.forgetSquaredNorm()).isCloseTo(1, within(1e-5));
      assertThat(many.retainSquaredNorm() / one.retainSquaredNorm()).isCloseTo(1, within(1e-5));
      assertThat(many.innerProduct() / one.innerProduct()).isCloseTo(1, within(1e-4));
      assertThat(many.directionNorm() / one.directionNorm()).isCloseTo(1, within(1e-5));
    }
  }

  /** Trains with all examples in one batch, so that the step is the direction itself. */
  private TrainingResult firstStep(TinyDecoder decoder, String name, int[] forget, int[] retain) {
    TrainingSettings settings =
        with(withRate(new LearningRate.Constant(1, 0)), Averaging.GRADIENTS, 1, 1, 100);
    return run(plan(folder.resolve(name), decoder, settings, forget, retain));
  }

  @Test
  void workersCountByTheirExamplesAndAnEmptyShardForNothing() {
    TrainingSettings settings = with(BLUR, Averaging.PARAMETERS, 2, 1, 4);
    double[] two =
        parameters(
            plan(
                folder.resolve("two"),
                TinyDecoder.FLOAT,
                settings,
                new int[] {7, 5},
                new int[] {9, 8}));
    double[] three =
        parameters(
            plan(
                folder.resolve("three"),
                TinyDecoder.FLOAT,
                settings,
                new int[] {7, 5, 0},
                new int[] {9, 8, 0}));

    assertThat(three).isEqualTo(two);
  }

  @Test
  void loraTrainsOnlyItsFactorsAndComparesWithTheInitialModel() {
    TrainingSettings settings = divergence(BLUR, 2);
    TrainingResult result =
        run(plan(folder, TinyDecoder.LORA, settings, new int[] {7, 5}, new int[] {9, 8}));

    assertThat(result.state().parameters().length())
        .isLessThan(TinyDecoder.FLOAT.load(null).layout().size());
    assertThat(result.metrics().get(0).retainLoss()).isLessThan(0.1);
    assertThat(result.metrics().get(1).retainLoss()).isPositive();
  }

  @Test
  void gradientAscentWithoutRetainSkipsTheRetainPass() {
    TrainingSettings settings =
        new TrainingSettings(
            new ForgetLoss.GradientAscent(),
            BLUR.retainLoss(),
            new WeightedSum(1, 0),
            new Sgd(0.9, 0),
            new LearningRate.Constant(0.1, 0),
            1,
            Averaging.GRADIENTS,
            2,
            2,
            4,
            4,
            1,
            42);
    RoundMetrics last =
        run(plan(folder, TinyDecoder.FLOAT, settings, new int[] {7, 5}, new int[] {0, 0}))
            .metrics()
            .get(1);

    assertThat(last.forgetLoss()).isNegative();
    assertThat(last.retainExamples()).isZero();
    assertThat(last.retainSquaredNorm()).isZero();
  }

  @Test
  void aRateOfZeroHasNoEffect() {
    TrainingSettings settings = withRate(new LearningRate.Constant(0, 0));

    assertThatThrownBy(() -> run(plan(folder, settings)))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.NO_EFFECT))
        .hasMessageStartingWith(
            "Training changed nothing: all parameters are those of the initial model");
  }

  @Test
  void aContributionThatIsNotFiniteIsRefusedAndNamed() {
    TrainingSettings settings = withRate(new LearningRate.Constant(1e38, 0));

    assertThatThrownBy(() -> run(plan(folder, settings)))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.DIVERGED))
        .hasMessageMatching(
            "Training diverged in round 1: the contribution of worker 0 contains NaN or"
                + " infinity in .*; lower the learning rate or the clip norm\\. Last good"
                + " state: the initial model");
  }

  @Test
  void emptyShardsEverywhereAreRefused() {
    assertThatThrownBy(
            () -> run(plan(folder, TinyDecoder.FLOAT, BLUR, new int[] {0, 0}, new int[] {3, 3})))
        .hasMessage(
            "Nothing to train on: none of 2 workers has examples of every set that the direction"
                + " uses; shard again with fewer workers");
    assertThatThrownBy(
            () ->
                run(
                    plan(
                        folder.resolve("g"),
                        TinyDecoder.FLOAT,
                        gradients(BLUR),
                        new int[] {0, 0},
                        new int[] {3, 3})))
        .hasMessage(
            "Nothing to train on: the forget shards of all 2 workers are empty; check the"
                + " corpus and the report of the shard stage");
  }

  private static TrainingSettings withRate(LearningRate rate) {
    return new TrainingSettings(
        BLUR.forgetLoss(),
        BLUR.retainLoss(),
        BLUR.direction(),
        new Sgd(0, 0),
        rate,
        Double.POSITIVE_INFINITY,
        Averaging.PARAMETERS,
        2,
        2,
        4,
        4,
        1,
        42);
  }

  private TrainingResult run(TrainingPlan plan) {
    return Training.run(spark, plan, TrainingListener.NONE);
  }

  private double[] parameters(TrainingPlan plan) {
    return Vectors.values(run(plan).state().parameters());
  }
}
