package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.plan;
import static org.lethe.cluster.training.TrainingFixture.with;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.Vectors;
import org.lethe.direction.PrimalDual;

/** PDU's dual variable from round to round. {@link ResumeTest} covers that it survives a kill. */
final class PrimalDualTrainingTest {
  private static final PrimalDual RULE = new PrimalDual(1, 2, 0.5, 0.1, 1);

  @TempDir Path folder;

  @Test
  void withAveragedGradientsItFollowsTheLossOfTheWholeBatch() {
    double expected = RULE.dualVariable();

    for (RoundMetrics round : metrics(plan(folder, settings(Averaging.GRADIENTS, 2)))) {
      if (round.round() > RULE.warmUpSteps()) {
        expected += RULE.stepSize() * (round.retainLoss() - RULE.bound());
      }
      assertThat(round.dualVariable()).isCloseTo(expected, within(1e-9));
    }
    assertThat(expected).isGreaterThan(3);
  }

  @Test
  void withAveragedParametersItIsTheMeanOfTheWorkers() {
    List<RoundMetrics> rounds = metrics(plan(folder, settings(Averaging.PARAMETERS, 2)));
    double before = rounds.get(0).dualVariable();

    for (RoundMetrics round : rounds.subList(1, rounds.size())) {
      // Two steps each. A worker's batch means differ slightly from the mean over all tokens.
      double change = 2 * RULE.stepSize() * (round.retainLoss() - RULE.bound());
      assertThat(round.dualVariable() - before).isCloseTo(change, withinPercentage(2));
      before = round.dualVariable();
    }
  }

  @Test
  void bothAveragingModesAgreeForOneWorkerAndOneLocalStep() {
    RoundState parameters = one("p", Averaging.PARAMETERS);
    RoundState gradients = one("g", Averaging.GRADIENTS);

    assertThat(gradients.dualVariable()).isEqualTo(parameters.dualVariable()).isNotEqualTo(2);
    assertThat(Vectors.values(gradients.parameters()))
        .isEqualTo(Vectors.values(parameters.parameters()));
  }

  private RoundState one(String name, Averaging averaging) {
    TrainingPlan plan =
        plan(
            folder.resolve(name),
            TinyDecoder.FLOAT,
            settings(averaging, 1),
            new int[] {6},
            new int[] {7});
    return Training.run(SparkFixture.context(), plan, TrainingListener.NONE).state();
  }

  private static TrainingSettings settings(Averaging averaging, int localSteps) {
    return with(with(BLUR, RULE), averaging, 4, localSteps, 4);
  }

  private static List<RoundMetrics> metrics(TrainingPlan plan) {
    return Training.run(SparkFixture.context(), plan, TrainingListener.NONE).metrics();
  }
}
