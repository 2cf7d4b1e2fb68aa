package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lethe.ChildProcess;
import org.lethe.SparkFixture;
import org.lethe.direction.ScoredOptimizer;

/**
 * Kills the driver with signal 9 and restarts it with the same run directory. Kills an executor in
 * the middle of a round.
 */
final class KilledProcessTest {
  private static final int KILLED = 128 + 9;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aKilledDriverThatStartsAgainEndsWithTheSameBytes(Moments moments) throws Exception {
    Path cut = folder.resolve("cut");
    assertThat(train(cut, "local[2]", moments.name(), "round:before-manifest", "2"))
        .isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000001/round.json")).exists();
    assertThat(cut.resolve("rounds/000002/round.json")).doesNotExist();
    assertThat(train(cut, "local[2]", moments.name(), "round:contribution", "4")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000002/round.json")).exists();
    assertThat(train(cut, "local[2]", moments.name())).isZero();

    assertThat(state(cut)).isEqualTo(uninterrupted(moments));
    assertThat(Files.readAllLines(cut.resolve("metrics/rounds.jsonl"))).hasSize(4);
  }

  @Test
  void theFoldsOfADriverKilledInTheirSecondStageEndWithTheSameBytes() throws Exception {
    Path cut = killedInItsThirdRound(TrainingProcess.FOLDED);

    assertThat(state(cut)).isEqualTo(uninterrupted(TrainingFixture.FOLDED));
  }

  @Test
  void theScorerOfADriverKilledBetweenItsStepsEndsWithTheSameBytes() throws Exception {
    Path cut = killedInItsThirdRound(TrainingProcess.SCORED);

    byte[] state = state(cut);
    assertThat(new String(state, StandardCharsets.ISO_8859_1)).contains(ScoredOptimizer.SCORER);
    assertThat(state).isEqualTo(uninterrupted(TrainingFixture.SCORED));
  }

  @Test
  void aDriverKilledBetweenMonitorAndCheckpointAndOnTheLineEndsWithTheSameBytes() throws Exception {
    Path whole = folder.resolve("whole");
    Training.run(SparkFixture.context(), MonitorFixture.plan(whole), TrainingListener.NONE);
    Path cut = folder.resolve("cut");
    String plan = TrainingProcess.MONITORED;
    assertThat(train(cut, "local[2]", plan, "round:monitored", "2")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000002/round.json")).doesNotExist();
    assertThat(train(cut, "local[2]", plan, "stop:bisection", "3")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/stop.json")).doesNotExist();
    assertThat(train(cut, "local[2]", plan)).isZero();

    for (String file : List.of("metrics/monitor.jsonl", "rounds/stop.json")) {
      assertThat(cut.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatLosesAnExecutorEndsWithTheSameBytes(Moments moments) throws Exception {
    Path cut = folder.resolve("cut");
    assertThat(train(cut, "local-cluster[2,1,1024]", moments.name(), "round:contribution", "2"))
        .isZero();

    assertThat(cut.resolve("killed")).exists();
    assertThat(Files.readString(folder.resolve("log")))
        .contains("137", "Round 2 was lost and is repeated");
    assertThat(state(cut)).isEqualTo(uninterrupted(moments));
  }

  /** Returns the folder of a run that was killed once and then went on to its end. */
  private Path killedInItsThirdRound(String plan) throws Exception {
    Path cut = folder.resolve("cut");
    assertThat(train(cut, "local[2]", plan, "round:before-manifest", "3")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000002/round.json")).exists();
    assertThat(cut.resolve("rounds/000003/round.json")).doesNotExist();
    assertThat(train(cut, "local[2]", plan)).isZero();
    return cut;
  }

  private byte[] uninterrupted(Moments moments) throws IOException {
    return uninterrupted(TrainingFixture.BLUR.with(moments));
  }

  private byte[] uninterrupted(TrainingSettings settings) throws IOException {
    Path whole = folder.resolve("whole");
    Training.run(
        SparkFixture.context(), TrainingFixture.plan(whole, settings), TrainingListener.NONE);
    return state(whole);
  }

  private static byte[] state(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("rounds/000004/state.safetensors"));
  }

  private int train(Path run, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(Files.createDirectories(run).toString()));
    all.addAll(List.of(arguments));
    Process process =
        ChildProcess.onACluster(folder, TrainingProcess.class, all)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }
}
