package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lethe.run.PhaseHook;

/** A signal ends a command as interrupted, and the next one resumes its work. */
final class InterruptedPipelineTest {
  @TempDir private Path folder;

  /** While a task of Spark computes. */
  @ParameterizedTest
  @CsvSource({"round:contribution, TERM, 143", "round:contribution, INT, 130"})
  void aSignalIsNoDefect(String phase, String signal, int status) throws Exception {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(fixture.flags("run"));
    Process process =
        ChildProcess.builder(Waiting.class, arguments, "test.phase=" + phase)
            .redirectErrorStream(true)
            .start();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.equals(Waiting.REACHED)) {
        line = lines.readLine();
      }
      assertThat(line).isEqualTo(Waiting.REACHED);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      List<String> rest = lines.lines().toList();
      assertThat(rest)
          .contains(
              "INTERRUPTED: Interrupted by a signal (SIGTERM or SIGINT); run the same command"
                  + " again to resume")
          .noneMatch(text -> text.contains("defect"));
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(status);
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(fixture.run("run").resolve("result.json")))
        .contains("\"exit_class\" : \"INTERRUPTED\"", "\"exit_status\" : 10");
    assertThat(fixture.run("run").resolve("lock.json")).doesNotExist();
    assertThat(fixture.pipeline("run").status()).isZero();
  }

  /** The command line, which waits for ever at a phase. */
  public static final class Waiting {
    static final String REACHED = "phase reached";

    private Waiting() {}

    /** As {@link Lethe#main}. */
    public static void main(String[] arguments) {
      String awaited = System.getProperty("test.phase");
      PhaseHook.install(
          phase -> {
            if (phase.equals(awaited)) {
              System.out.println(REACHED);
              try {
                Thread.currentThread().join();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
          });
      Lethe.main(arguments);
    }
  }
}
