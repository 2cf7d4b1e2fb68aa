package org.lethe.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What {@code tests/gpu/check.sh} names, and how it summarises its steps. */
final class GpuCheckTest {
  private static final Path FOLDER = Path.of(System.getProperty("lethe.repository"), "tests/gpu");
  private static final Pattern TESTS = Pattern.compile("^tests=\\(([^)]*)\\)", Pattern.MULTILINE);
  private static final Pattern PROGRAM = Pattern.compile(" (org\\.lethe\\.[\\w.]+)");

  @TempDir private Path results;

  @Test
  void testsAndProgramsExist() throws IOException, ClassNotFoundException {
    String script = Files.readString(FOLDER.resolve("check.sh"));
    Matcher tests = TESTS.matcher(script);
    assertThat(tests.find()).isTrue();
    List<String> names = new ArrayList<>();
    for (String name : tests.group(1).trim().split("\\s+")) {
      names.add("org.lethe." + name);
    }
    PROGRAM.matcher(script).results().forEach(found -> names.add(found.group(1)));
    assertThat(names).hasSizeGreaterThan(12).contains(DeviceCheck.class.getName());
    for (String name : names) {
      Class.forName(name, false, GpuCheckTest.class.getClassLoader());
    }
  }

  private void write(String file, String... lines) throws IOException {
    Files.write(results.resolve(file), List.of(lines));
  }

  /** Exit status of the summary of the steps so far. */
  private int summarise(String... failed) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("python3", FOLDER.resolve("summarise.py").toString()));
    command.addAll(List.of(results.toString(), "1234abc"));
    command.addAll(List.of(failed));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new TestAbortedException("no python3", e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    assertThat(output).doesNotContain("Traceback");
    return status;
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(results.resolve("gpu.json").toFile());
  }

  private JsonNode goal(String figure) throws IOException {
    for (JsonNode goal : summary().get("goals")) {
      if (goal.get("figure").asText().equals(figure)) {
        return goal.get("value");
      }
    }
    throw new AssertionError("no goal: " + figure);
  }

  @Test
  void theSummaryHoldsWhatTheStepsPrinted() throws IOException, InterruptedException {
    write("device.txt", "FLOAT: a device");
    write(
        "tests.txt", "[         9 tests successful      ]", "[         0 tests failed          ]");
    write(
        "speed.txt",
        "lethe,tf32,greedy generation 64 x (32 + 256),300.0",
        "lethe,tf32,greedy generation 64 x (32 + 256) with graphs,200.0",
        "torch,tf32,greedy generation 64 x (32 + 256),600.0",
        "torch,bf16 autocast,forward and backward,70.0");
    write("rounds.txt", "round 4: 10.00 s, workers 9.80 s, rest 0.200 s (2.0 %), checkpoint");

    assertThat(summarise()).isZero();
    assertThat(summary().at("/commit").asText()).isEqualTo("1234abc");
    assertThat(summary().at("/tests/successful").asInt()).isEqualTo(9);
    assertThat(summary().at("/speed")).hasSize(4);
    assertThat(goal("generation against PyTorch, tf32").asDouble()).isEqualTo(2);
    assertThat(goal("generation with graphs against without, tf32").asDouble()).isEqualTo(1.5);
    assertThat(goal("Spark's percentage of the last round").asDouble()).isEqualTo(2);
    assertThat(goal("generation against PyTorch, bf16").isNull()).isTrue();
  }

  @Test
  void aFailedStepOrTestFails() throws IOException, InterruptedException {
    assertThat(summarise("device")).isEqualTo(1);
    assertThat(summary().get("failed")).hasSize(1);
    write("tests.txt", "[         1 tests failed          ]");
    assertThat(summarise()).isEqualTo(1);
  }
}
