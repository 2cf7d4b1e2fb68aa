package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lethe.cluster.training.TrainingFixture.BLUR;
import static org.lethe.cluster.training.TrainingFixture.FOLDED;
import static org.lethe.cluster.training.TrainingFixture.SCORED;
import static org.lethe.cluster.training.TrainingFixture.SELECTED;
import static org.lethe.cluster.training.TrainingFixture.automatic;
import static org.lethe.cluster.training.TrainingFixture.gradients;
import static org.lethe.cluster.training.TrainingFixture.plan;
import static org.lethe.cluster.training.TrainingFixture.with;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.SparkFixture;
import org.lethe.compute.Vectors;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.ScoredOptimizer;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.run.PhaseHook;

/** A run that is interrupted and resumed ends with the bytes of an uninterrupted one. */
final class ResumeTest {
  @TempDir Path folder;

  @AfterEach
  void clearHook() {
    PhaseHook.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "reference:before-manifest, 1, PARAMETERS",
    "round:start, 3, PARAMETERS",
    "round:contribution, 4, PARAMETERS",
    "round:aggregated, 2, PARAMETERS",
    "round:before-checkpoint, 2, PARAMETERS",
    "round:before-manifest, 3, PARAMETERS",
    "round:after-checkpoint, 3, PARAMETERS",
    "round:aggregated, 3, GRADIENTS"
  })
  void aResumedRunEqualsAnUninterruptedOne(String phase, int time, Averaging averaging)
      throws IOException {
    Pair runs = interrupted(phase, time, averaging == Averaging.GRADIENTS ? gradients(BLUR) : BLUR);

    assertThat(Vectors.values(runs.resumed().parameters()))
        .isEqualTo(Vectors.values(runs.whole().parameters()));
    assertThat(Vectors.values(runs.resumed().optimizer().vectors()))
        .isEqualTo(Vectors.values(runs.whole().optimizer().vectors()));
  }

  @ParameterizedTest
  @CsvSource({
    "round:probe, 3, PARAMETERS",
    "round:before-checkpoint, 2, PARAMETERS",
    "round:after-checkpoint, 3, PARAMETERS",
    "round:probe, 2, GRADIENTS"
  })
  void theAutomaticRateIsPartOfTheState(String phase, int time, Averaging averaging)
      throws IOException {
    Pair runs = interrupted(phase, time, with(automatic(0.01, 100), averaging, 4, 2, 4));

    assertThat(runs.whole().rateFactor()).isNotEqualTo(1);
    assertThat(runs.resumed().rateFactor()).isEqualTo(runs.whole().rateFactor());
  }

  @ParameterizedTest
  @CsvSource({"round:aggregated, 2", "round:before-checkpoint, 3", "round:after-checkpoint, 3"})
  void theMomentumOfTheOuterStepIsPartOfTheState(String phase, int time) throws IOException {
    Pair runs = interrupted(phase, time, BLUR.with(new OuterStep(0.7, 0.9)));

    assertThat(Vectors.values(runs.resumed().velocity().orElseThrow()))
        .isEqualTo(Vectors.values(runs.whole().velocity().orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "round:before-checkpoint, 2, PARAMETERS",
    "round:after-checkpoint, 3, PARAMETERS",
    "round:aggregated, 3, GRADIENTS"
  })
  void theDualVariableIsPartOfTheState(String phase, int time, Averaging averaging)
      throws IOException {
    PrimalDual rule = new PrimalDual(1, 2, 0.5, 0.1, 1);
    Pair runs = interrupted(phase, time, with(with(BLUR, rule), averaging, 4, 2, 4));

    assertThat(runs.whole().dualVariable()).isGreaterThan(2);
    assertThat(runs.resumed().dualVariable()).isEqualTo(runs.whole().dualVariable());
  }

  @ParameterizedTest
  @CsvSource({
    "round:aggregated, 2, PARAMETERS",
    "round:before-checkpoint, 2, PARAMETERS",
    "round:after-checkpoint, 2, PARAMETERS",
    "round:start, 3, PARAMETERS",
    "round:contribution, 4, PARAMETERS",
    "round:start, 3, GRADIENTS"
  })
  void theStageOfTheFoldsFollowsFromTheRound(String phase, int time, Averaging averaging)
      throws IOException {
    TrainingSettings settings = averaging == Averaging.GRADIENTS ? gradients(FOLDED) : FOLDED;
    Pair runs = interrupted(phase, time, settings);
    TrainingResult ordinary =
        run(
            plan(
                folder.resolve("ordinary"),
                averaging == Averaging.GRADIENTS ? gradients(BLUR) : BLUR));

    assertThat(Vectors.values(runs.resumed().parameters()))
        .isEqualTo(Vectors.values(runs.whole().parameters()))
        .isNotEqualTo(Vectors.values(ordinary.state().parameters()));
  }

  @ParameterizedTest
  @CsvSource({
    "round:contribution, 4",
    "round:aggregated, 2",
    "round:before-checkpoint, 3",
    "round:after-checkpoint, 3"
  })
  void theScorerOfTheTokenWeightsIsPartOfTheState(String phase, int time) throws IOException {
    Pair runs = interrupted(phase, time, SCORED);

    double[] scorer =
        Vectors.values(runs.whole().optimizer().vectors().get(ScoredOptimizer.SCORER));
    assertThat(Arrays.stream(scorer).filter(value -> value != 0)).isNotEmpty();
    assertThat(Vectors.values(runs.resumed().optimizer().vectors().get(ScoredOptimizer.SCORER)))
        .isEqualTo(scorer);
  }

  @ParameterizedTest
  @CsvSource({"round:before-checkpoint, 3, PARAMETERS", "round:aggregated, 2, GRADIENTS"})
  void factorsThatLearnTheRowsEndWithTheirStep(String phase, int time, Averaging averaging)
      throws IOException {
    Pair runs =
        interrupted(phase, time, averaging == Averaging.GRADIENTS ? gradients(SELECTED) : SELECTED);

    assertThat(Vectors.values(runs.resumed().parameters()))
        .isEqualTo(Vectors.values(runs.whole().parameters()));
  }

  /** The same training twice: uninterrupted, and interrupted and resumed. */
  private record Pair(RoundState whole, RoundState resumed) {}

  /** Trains both ways and checks that metrics and bytes are equal. */
  private Pair interrupted(String phase, int time, TrainingSettings settings) throws IOException {
    TrainingResult whole = run(plan(folder.resolve("whole"), settings));
    TrainingPlan plan = plan(folder.resolve("cut"), settings);

    failAt(phase, time);
    assertThatThrownBy(() -> run(plan)).hasStackTraceContaining("stopped by the test");
    PhaseHook.clear();
    TrainingResult resumed = run(plan);

    assertThat(figures(resumed)).isEqualTo(figures(whole));
    assertThat(Files.readAllBytes(folder.resolve("cut/rounds/000004/state.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("whole/rounds/000004/state.safetensors")));
    return new Pair(whole.state(), resumed.state());
  }

  private static List<List<Double>> figures(TrainingResult result) {
    return result.metrics().stream()
        .map(m -> List.of((double) m.round(), m.forgetLoss(), m.rho(), m.dualVariable()))
        .toList();
  }

  @Test
  void aFinishedTrainingComputesNothingWhenRunAgain() throws IOException {
    TrainingPlan plan = plan(folder, BLUR);
    TrainingResult first = run(plan);
    List<String> metrics = Files.readAllLines(folder.resolve("metrics/rounds.jsonl"));
    AtomicInteger rounds = new AtomicInteger();
    PhaseHook.install(phase -> rounds.incrementAndGet());
    TrainingResult second = run(plan);

    assertThat(rounds).hasValue(0);
    assertThat(second.resumedAt()).isEqualTo(4);
    assertThat(Vectors.values(second.state().parameters()))
        .isEqualTo(Vectors.values(first.state().parameters()));
    assertThat(second.metrics()).isEqualTo(first.metrics());
    assertThat(Files.readAllLines(folder.resolve("metrics/rounds.jsonl"))).isEqualTo(metrics);
  }

  @Test
  void theLastThreeCheckpointsStay() throws IOException {
    run(plan(folder, BLUR));

    try (Stream<Path> rounds = Files.list(folder.resolve("rounds"))) {
      assertThat(rounds.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("000002", "000003", "000004", "reference");
    }
  }

  @Test
  void aCheckpointWithAnotherByteIsRefusedByName() throws IOException {
    TrainingPlan plan = plan(folder, BLUR);
    run(plan);
    Path state = folder.resolve("rounds/000004/state.safetensors");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length - 5] ^= 1;
    Files.write(state, bytes);

    assertThatThrownBy(() -> run(plan))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.INPUT))
        .hasMessageMatching(
            "Damaged checkpoint: file:.*/rounds/000004/state.safetensors: SHA-256 is \\w{64},"
                + " expected \\w{64}; delete its folder to resume from the previous checkpoint");
  }

  @Test
  void aCheckpointWithoutItsStateIsRefusedByName() throws IOException {
    TrainingPlan plan = plan(folder, BLUR);
    run(plan);
    Files.delete(folder.resolve("rounds/000004/state.safetensors"));

    assertThatThrownBy(() -> run(plan))
        .hasMessageMatching(
            "Damaged checkpoint: file:.*/rounds/000004/state.safetensors: the file is missing;"
                + " delete its folder to resume from the previous checkpoint");
  }

  @Test
  void checkpointsThatChangedPlacesAreRefused() throws IOException {
    TrainingPlan plan = plan(folder, BLUR);
    run(plan);
    Path aside = folder.resolve("rounds/aside");
    Files.move(folder.resolve("rounds/000004"), aside);
    Files.move(folder.resolve("rounds/000003"), folder.resolve("rounds/000004"));
    Files.move(aside, folder.resolve("rounds/000003"));

    assertThatThrownBy(() -> run(plan))
        .hasMessageMatching(
            "Damaged checkpoint: file:.*/round.json: it says round \\d, format 1; delete its"
                + " folder to resume from the previous checkpoint");
  }

  @Test
  void checkpointsOfOtherSettingsAreRefused() {
    run(plan(folder, BLUR));

    assertThatThrownBy(() -> run(plan(folder, gradients(BLUR))))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
        .hasMessageMatching(
            "Checkpoint of another training: file:.*/reference.json was written with another"
                + " model, other shards or other settings; use a new run directory, or delete the"
                + " rounds folder to start again");
  }

  @Test
  void changedReferenceLossesAreRefusedByName() throws IOException {
    TrainingPlan plan = plan(folder, BLUR);
    failAt("round:start", 1);
    assertThatThrownBy(() -> run(plan)).hasStackTraceContaining("stopped by the test");
    PhaseHook.clear();
    Path file = folder.resolve("rounds/reference/worker-00001.json");
    Files.writeString(file, Files.readString(file).replaceFirst("\\d\\.\\d", "0.0"));

    assertThatThrownBy(() -> run(plan))
        .hasMessageMatching(
            "Damaged reference losses: file:.*/worker-00001.json has other bytes than its"
                + " manifest; delete its folder to compute them again");
  }

  private static void failAt(String wanted, int time) {
    AtomicInteger left = new AtomicInteger(time);
    PhaseHook.install(
        phase -> {
          if (phase.equals(wanted) && left.decrementAndGet() == 0) {
            throw new IllegalStateException("stopped by the test");
          }
        });
  }

  private static TrainingResult run(TrainingPlan plan) {
    return Training.run(SparkFixture.context(), plan, TrainingListener.NONE);
  }
}
