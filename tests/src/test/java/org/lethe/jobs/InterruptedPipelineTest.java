package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.ChildProcess;
import org.lethe.run.PhaseHook;

/** A signal ends a command as interrupted, and the next one resumes its work. */
final class InterruptedPipelineTest {
  @TempDir private Path folder;

  private static final String INTERRUPTED =
      "INTERRUPTED: Interrupted by a signal (SIGTERM or SIGINT); run the same command again to"
          + " resume";

  /** While a task of Spark computes, and between two stages. */
  @ParameterizedTest
  @CsvSource({
    "round:contribution, TERM, 143",
    "round:contribution, INT, 130",
    "shard:after-manifest, TERM, 143",
  })
  void aSignalIsNoDefect(String phase, String signal, int status) throws Exception {
    assumeThat(isIgnored(signal)).as("SIG%s is ignored here, as in nohup", signal).isFalse();
    PipelineFixture fixture = new PipelineFixture(folder);
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(fixture.flags("run"));
    assertThat(signalled(arguments, phase, signal, status))
        .contains(INTERRUPTED)
        .noneMatch(text -> text.contains("defect"));
    assertThat(Files.readString(fixture.run("run").resolve("result.json")))
        .contains("\"exit_class\" : \"INTERRUPTED\"", "\"exit_status\" : 10");
    assertThat(fixture.run("run").resolve("lock.json")).doesNotExist();
    assertThat(fixture.run("run").resolve("lethe.log")).isNotEmptyFile();
    assertThat(fixture.pipeline("run").status()).isZero();
  }

  /** Spark cannot start any more, which says nothing about the machine. */
  @ParameterizedTest
  @ValueSource(strings = {"shard", "doctor"})
  void aSignalWhileSparkStartsIsNoFailureOfThePlatform(String command) throws Exception {
    Path run = folder.resolve("run");
    List<String> arguments =
        new ArrayList<>(List.of(command, "--set", listener(WaitingAtStart.class)));
    if (command.equals("shard")) {
      PipelineFixture fixture = new PipelineFixture(folder);
      arguments.addAll(fixture.flags("run"));
    }
    assertThat(signalled(arguments, "", "TERM", 143))
        .contains(INTERRUPTED)
        .noneMatch(text -> text.contains("PLATFORM") || text.contains("WRONG"));
    if (command.equals("shard")) {
      assertThat(run.resolve("result.json")).content().contains("\"exit_class\" : \"INTERRUPTED\"");
      assertThat(run.resolve("lock.json")).doesNotExist();
    }
  }

  /** The signal may explain itself in the run directory at that moment. */
  @Test
  void aSignalBeforeTheRunDirectoryIsTakenLeavesItAlone() throws Exception {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<String> arguments = new ArrayList<>(List.of("shard"));
    arguments.addAll(fixture.flags("run"));
    assertThat(signalled(arguments, "command:spark-started", "TERM", 143)).contains(INTERRUPTED);
    assertThat(fixture.run("run").resolve("result.json"))
        .content()
        .contains("\"exit_class\" : \"INTERRUPTED\"");
    assertThat(fixture.run("run").resolve("run.json")).doesNotExist();
    assertThat(fixture.run("run").resolve("lock.json")).doesNotExist();
  }

  @Test
  void aSignalAfterTheResultChangesNothing() throws Exception {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<String> arguments =
        new ArrayList<>(List.of("shard", "--set", listener(WaitingAtEnd.class)));
    arguments.addAll(fixture.flags("run"));
    assertThat(signalled(arguments, "", "TERM", 143))
        .noneMatch(text -> text.contains("INTERRUPTED") || text.contains("defect"));
    assertThat(fixture.run("run").resolve("result.json"))
        .content()
        .contains("\"exit_class\" : \"SUCCESS\"");
    assertThat(fixture.run("run").resolve("lock.json")).doesNotExist();
  }

  /** Whether Linux ignores SIGINT for this process and its children, as for a background job. */
  private static boolean isIgnored(String signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!signal.equals("INT") || !Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      String ignored = lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
      return (Long.parseUnsignedLong(ignored.split("\\s+")[1], 16) >> 1 & 1) == 1;
    }
  }

  private static String listener(Class<?> type) {
    return "lethe.spark.settings.\"spark.extraListeners\"=" + type.getName();
  }

  /** Runs a command, sends a signal when it waits, and returns the lines after that. */
  private static List<String> signalled(
      List<String> arguments, String phase, String signal, int status) throws Exception {
    Process process =
        ChildProcess.builder(Waiting.class, arguments, "test.phase=" + phase)
            .redirectErrorStream(true)
            .start();
    // A process that waits for ever ends the test, not the build.
    CompletableFuture.delayedExecutor(3, TimeUnit.MINUTES).execute(process::destroyForcibly);
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> before = new ArrayList<>();
      String line = lines.readLine();
      while (line != null && !line.equals(Waiting.REACHED)) {
        before.add(line);
        line = lines.readLine();
      }
      assertThat(line).as(String.join("\n", before)).isEqualTo(Waiting.REACHED);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      List<String> rest = lines.lines().toList();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(status);
      return rest;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Waits while Spark starts. */
  public static final class WaitingAtStart extends SparkListener {
    public WaitingAtStart() {
      Waiting.untilTheProcessEnds();
    }
  }

  /** Waits while Spark stops. */
  public static final class WaitingAtEnd extends SparkListener {
    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
      Waiting.untilTheProcessEnds();
    }
  }

  /** The command line, which waits at a phase until a signal ends the process. */
  public static final class Waiting {
    static final String REACHED = "phase reached";

    /** Opens when the command knows of the signal. */
    private static final CountDownLatch SEEN = new CountDownLatch(1);

    private Waiting() {}

    /** As {@link Lethe#main}. */
    public static void main(String[] arguments) {
      String awaited = System.getProperty("test.phase");
      PhaseHook.install(
          phase -> {
            if (phase.equals("signal:seen")) {
              SEEN.countDown();
            } else if (phase.equals(awaited)) {
              await(SEEN);
            }
          });
      Lethe.main(arguments);
    }

    static void untilTheProcessEnds() {
      CountDownLatch ending = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(ending::countDown));
      await(ending);
    }

    private static void await(CountDownLatch latch) {
      System.out.println(REACHED);
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
