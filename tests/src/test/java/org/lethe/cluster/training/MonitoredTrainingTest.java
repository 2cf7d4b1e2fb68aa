package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.SparkFixture;
import org.lethe.compute.Vectors;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.run.PhaseHook;

/** A training with stop rules ends early, at the point that is like unseen rows. */
final class MonitoredTrainingTest {
  @TempDir Path folder;

  @AfterEach
  void clearHook() {
    PhaseHook.clear();
  }

  @Test
  void aTrainingEndsBetweenTwoCheckpoints() throws IOException {
    TrainingResult result = run(MonitorFixture.plan(folder));

    StopOutcome outcome = result.stop().orElseThrow();
    assertThat(outcome.rule()).isEqualTo("like-unseen");
    assertThat(outcome.forgetting()).isEqualTo(Forgetting.LIKE_UNSEEN);
    assertThat(result.state().round()).isLessThan(MonitorFixture.ROUNDS);
    assertThat(Files.readAllLines(folder.resolve("metrics/rounds.jsonl")))
        .hasSize(result.state().round())
        .allMatch(line -> line.contains("\"monitor_seconds\""));
    assertThat(outcome.to()).isEqualTo(result.state().round());
    assertThat(outcome.from()).isEqualTo(outcome.to() - 1).isPositive();
    assertThat(outcome.position()).isLessThan(1);
    // Both samples of the initial model, every round, both ends of the line, and its points.
    assertThat(Files.readAllLines(folder.resolve("metrics/monitor.jsonl")))
        .hasSize(2 + outcome.to() + 2 + MonitorFixture.BISECTIONS);
  }

  @ParameterizedTest
  @CsvSource({
    "round:monitored, 1",
    "round:before-manifest, 1",
    "round:after-checkpoint, 1",
    "stop:bisection, 1",
    "stop:bisection, 3",
    "stop:before-outcome, 1",
    "stop:after-outcome, 1"
  })
  void aResumedTrainingEndsWithTheSameBytes(String phase, int time) throws IOException {
    TrainingResult whole = run(MonitorFixture.plan(folder.resolve("whole")));
    TrainingPlan plan = MonitorFixture.plan(folder.resolve("cut"));

    failAt(phase, time);
    assertThatThrownBy(() -> run(plan)).hasStackTraceContaining("stopped by the test");
    PhaseHook.clear();
    TrainingResult resumed = run(plan);

    assertThat(resumed.stop()).isEqualTo(whole.stop());
    assertThat(Vectors.values(resumed.state().parameters()))
        .isEqualTo(Vectors.values(whole.state().parameters()));
    for (String file : List.of("metrics/monitor.jsonl", "rounds/stop.json")) {
      assertThat(folder.resolve("cut").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
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
