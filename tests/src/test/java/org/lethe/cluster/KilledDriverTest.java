package org.lethe.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.SparkFixture;

/** The driver is killed with signal 9 and started again with the same run directory. */
final class KilledDriverTest {
  private static final int KILLED = 128 + 9;

  @TempDir Path folder;

  @Test
  void theBytesAreThoseOfARunThatWasNeverKilled() throws Exception {
    Path cut = folder.resolve("cut");
    assertThat(train(cut, "round:before-manifest", "2")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000001/round.json")).exists();
    assertThat(cut.resolve("rounds/000002/round.json")).doesNotExist();
    assertThat(train(cut, "round:contribution", "4")).isEqualTo(KILLED);
    assertThat(cut.resolve("rounds/000002/round.json")).exists();
    assertThat(train(cut)).isZero();

    Training.run(
        SparkFixture.context(),
        TrainingFixture.plan(folder.resolve("whole"), TrainingFixture.BLUR),
        TrainingListener.NONE);
    assertThat(state(cut)).isEqualTo(state(folder.resolve("whole")));
    assertThat(Files.readAllLines(cut.resolve("metrics/rounds.jsonl"))).hasSize(4);
  }

  private static byte[] state(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("rounds/000004/state.safetensors"));
  }

  private int train(Path run, String... phase) throws IOException, InterruptedException {
    Files.createDirectories(run);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Dorg.byte"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-cp", classPath(), TrainingProcess.class.getName()));
    command.add(run.toString());
    command.addAll(List.of(phase));
    File log = folder.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  /** Surefire hides the class path in the manifest of a jar. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
