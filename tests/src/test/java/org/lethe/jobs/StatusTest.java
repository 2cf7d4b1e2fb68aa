package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.jobs.PipelineFixture.Ended;
import org.lethe.run.RunDirectory;
import org.lethe.run.lease.Lease;

/** {@code lethe status}, and result.json of commands that never began. */
final class StatusTest {
  @TempDir private Path folder;
  private PipelineFixture fixture;

  @BeforeEach
  void inputs() throws IOException {
    fixture = new PipelineFixture(folder);
  }

  @Test
  void anInvalidKeyIsTheResultOfTheRun() throws IOException {
    Ended ended = fixture.pipeline("run", "lethe.unlearn.rounds=none");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(result())
        .contains(
            "\"exit_class\" : \"USAGE\"",
            "\"exit_status\" : 2",
            "\"command\" : \"pipeline\"",
            "lethe.unlearn.rounds");
    assertThat(fixture.run("run").resolve("lock.json")).doesNotExist();
    Ended status = status();
    assertThat(status.status()).isEqualTo(2);
    assertThat(status.out())
        .startsWith("USAGE: pipeline, started 2")
        .contains("lethe.unlearn.rounds");
  }

  @Test
  void anUnknownFlagIsTheResultOfTheRun() throws IOException {
    for (List<String> flag :
        List.of(
            List.of("--run-dir", fixture.run("run").toString()),
            List.of("--run-dir=" + fixture.run("run")))) {
      Files.deleteIfExists(fixture.run("run").resolve("result.json"));
      Ended ended =
          fixture.execute(
              Stream.of(List.of("shard"), flag, List.of("--sett", "--api-key=abcdefgh"))
                  .flatMap(List::stream)
                  .toList());
      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err()).contains("--sett").doesNotContain("abcdefgh");
      assertThat(result())
          .contains("\"exit_class\" : \"USAGE\"", "\"command\" : \"shard\"", "--sett")
          .doesNotContain("abcdefgh");
    }
  }

  @Test
  void aDryRunHasNoResult() {
    assertThat(fixture.pipeline("run", "--dry-run", "lethe.unlearn.rounds=none").status())
        .isEqualTo(2);
    assertThat(fixture.run("run")).doesNotExist();
  }

  /** A mistake in another terminal is not the result of a run that works. */
  @Test
  void aLiveRunKeepsItsResult() throws IOException {
    RunDirectory directory = RunDirectory.at(fixture.run("run").toString(), new Configuration());
    try (Lease held = Lease.acquire(directory, Optional.empty(), Duration.ofHours(1), () -> {})) {
      assertThat(held.lost()).isEmpty();
      assertThat(fixture.pipeline("run", "lethe.unlearn.rounds=none").status()).isEqualTo(2);
      assertThat(fixture.run("run").resolve("result.json")).doesNotExist();
      Ended status = status();
      assertThat(status.status()).isEqualTo(5);
      assertThat(status.out()).startsWith("running: process ");
    }
  }

  @Test
  void aKilledRunCanBeResumed() throws IOException {
    RunDirectory directory = RunDirectory.at(fixture.run("run").toString(), new Configuration());
    try (Lease held = Lease.acquire(directory, Optional.empty(), Duration.ofHours(1), () -> {})) {
      assertThat(held.lost()).isEmpty();
      Files.setLastModifiedTime(
          fixture.run("run").resolve("lock.json"),
          FileTime.from(Instant.now().minus(Duration.ofHours(2))));
      Ended status = status();
      assertThat(status.status()).isEqualTo(10);
      assertThat(status.out()).startsWith("killed: ").contains("run the same command again");
    }
  }

  @Test
  void successHasFigures() throws IOException {
    Files.createDirectories(fixture.run("run"));
    Files.writeString(
        fixture.run("run").resolve("result.json"),
        """
        {"format": 1, "command": "evaluate", "exit_class": "SUCCESS", "exit_status": 0,
         "message": "evaluate done", "started": "2026-01-01T00:00:00Z", "seconds": 2.5,
         "figures": {"after.forget.rouge": 0.25}}
        """);
    Ended status = status();
    assertThat(status.status()).isZero();
    assertThat(status.out().lines())
        .containsExactly(
            "SUCCESS: evaluate, started 2026-01-01T00:00:00Z, 2.5 s: evaluate done",
            "  after.forget.rouge = 0.25");
  }

  @Test
  void aFolderWithoutAResultIsNoRun() {
    Ended status = status();
    assertThat(status.status()).isEqualTo(3);
    assertThat(status.err())
        .startsWith("INPUT: No result in ")
        .contains("no command has ended there");
  }

  @Test
  void aDocumentOfSomethingElseIsNoResult() throws IOException {
    Files.createDirectories(fixture.run("run"));
    Files.writeString(fixture.run("run").resolve("result.json"), "{}");
    Ended status = status();
    assertThat(status.status()).isEqualTo(3);
    assertThat(status.err()).contains("result.json", "exit class ''");
  }

  private Ended status() {
    return fixture.execute(List.of("status", fixture.run("run").toString()));
  }

  private String result() throws IOException {
    return Files.readString(fixture.run("run").resolve("result.json"));
  }
}
