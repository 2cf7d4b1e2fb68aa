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

/**
 * A pipeline with a secret in its input, in processes that kill themselves, all in one folder of
 * which every byte can be searched: runs, Spark's event log and temporary files, and what was
 * printed.
 */
final class KilledRun {
  /** Status of a process that signal 9 ended. */
  static final int KILLED = 128 + 9;

  /** The secret. */
  static final String CANARY = "Zxqvantombirdfluxwq";

  private final Path folder;
  private final PipelineFixture fixture;

  KilledRun(Path folder, PipelineFixture fixture) {
    this.folder = folder;
    this.fixture = fixture;
  }

  /**
   * The pipeline command in a process of its own.
   *
   * @param phase at which it kills itself, or empty
   * @param time the how-manieth time, from 1
   * @return its status
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
    Process process =
        ChildProcess.builder(
                PipelineProcess.class,
                arguments,
                "test.kill=" + phase,
                "test.time=" + time,
                "java.io.tmpdir=" + folder.resolve("temporary"))
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

  /** What the last process printed. */
  String log() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /**
   * Looks for the secret in every file and its name.
   *
   * @param mayHoldText files that may have it, by their names from the folder on
   * @param holdsText files of which one must have it, or the search would show nothing
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
    // The logs that it could be in are there.
    assertThat(folder.resolve("events")).isNotEmptyDirectory();
  }
}
