package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lethe.ChildProcess;

/**
 * A pipeline with a secret in its input, run in processes that kill themselves. All its output is
 * in one folder that can be searched: runs, Spark's event log, temporary files and printed output.
 */
final class KilledRun {
  /** Exit status of a process killed by signal 9. */
  static final int KILLED = 128 + 9;

  /** The secret. */
  static final String CANARY = "Zxqvantombirdfluxwq";

  private final Path folder;
  private final PipelineFixture fixture;
  private final List<String> properties;

  /**
   * A run below a folder.
   *
   * @param properties further system properties of the processes, name=value
   */
  KilledRun(Path folder, PipelineFixture fixture, String... properties) {
    this.folder = folder;
    this.fixture = fixture;
    this.properties = List.of(properties);
  }

  /**
   * Runs the pipeline command in a child process.
   *
   * @param phase phase at which the process kills itself, or empty
   * @param time occurrence of the phase, counted from 1
   * @return exit status
   */
  int pipeline(String name, String phase, int time, String... settings)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("pipeline"));
    arguments.addAll(fixture.flags(name, settings));
    for (String place : List.of("events", "temporary", "local")) {
      Files.createDirectories(folder.resolve(place));
    }
    arguments.addAll(
        List.of(
            "--set",
            "lethe.spark.settings={\"spark.eventLog.enabled\" = \"true\", \"spark.eventLog.dir\" ="
                + " \"file:"
                + folder.resolve("events")
                + "\", \"spark.local.dir\" = \""
                + folder.resolve("local")
                + "\", \"spark.eventLog.compress\" = \"false\"}"));
    List<String> all = new ArrayList<>(properties);
    all.addAll(
        List.of(
            "test.kill=" + phase,
            "test.time=" + time,
            "java.io.tmpdir=" + folder.resolve("temporary")));
    Process process =
        ChildProcess.builder(PipelineProcess.class, arguments, all.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  /** Output of the last process. */
  String log() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /**
   * Searches for the secret in the content and name of every file.
   *
   * @param mayHoldText accepts the files that may hold it, by path relative to the folder
   * @param holdsText accepts files of which at least one must hold it, which shows that the search
   *     works
   */
  void assertNoLeak(Predicate<String> mayHoldText, Predicate<String> holdsText) throws IOException {
    List<String> leaks = new ArrayList<>();
    List<String> holders = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if ((Files.readString(file, StandardCharsets.ISO_8859_1) + name).contains(CANARY)) {
          (mayHoldText.test(name) ? holders : leaks).add(name);
        }
      }
    }
    assertThat(leaks).isEmpty();
    assertThat(holders).anyMatch(holdsText);
    // The logs that could hold it exist.
    assertThat(folder.resolve("events")).isNotEmptyDirectory();
  }
}
