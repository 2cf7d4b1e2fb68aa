package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.compute.cuda.TestDevice;

/** Runs the pipeline on a CUDA device, from the configuration to the released model. */
final class CudaPipelineTest {
  private static final List<String> FIGURES =
      List.of("forget_loss", "retain_loss", "forget_squared_norm", "retain_squared_norm");

  @TempDir Path folder;

  @BeforeAll
  static void device() {
    TestDevice.backend();
  }

  @Test
  void roundsOnTheDeviceAgreeWithTheCpu() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<JsonNode> device = rounds(fixture, "device", "lethe.platform.backend=cuda");
    List<JsonNode> cpu = rounds(fixture, "cpu", "lethe.platform.backend=cpu");
    assertThat(device).hasSize(2).hasSameSizeAs(cpu);
    for (int round = 0; round < cpu.size(); round++) {
      for (String figure : FIGURES) {
        double expected = cpu.get(round).get(figure).asDouble();
        assertThat(device.get(round).get(figure).asDouble())
            .as("%s of round %d", figure, round)
            .isCloseTo(expected, within(1e-3 * Math.abs(expected)));
      }
    }
  }

  @Test
  void theDoctorTestsTheDevice() throws IOException {
    PipelineFixture.Ended ended =
        new PipelineFixture(folder)
            .execute(List.of("doctor", "--set", "lethe.platform.backend=cuda"));
    assertThat(ended.status()).as(ended.out()).isZero();
    assertThat(ended.out())
        .containsPattern("backend +cuda: FLOAT on ")
        .containsPattern("kernels +\\d+ loaded; \\d+ operations differ")
        .contains("Nothing is wrong.");
  }

  private static List<JsonNode> rounds(PipelineFixture fixture, String run, String backend)
      throws IOException {
    PipelineFixture.Ended ended =
        fixture.pipeline(
            run,
            backend,
            "lethe.unlearn.rounds=2",
            "lethe.unlearn.local-steps=1",
            "lethe.unlearn.average=gradients");
    assertThat(ended.status()).as(ended.err()).isZero();
    List<JsonNode> rounds = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    for (String line : Files.readAllLines(fixture.run(run).resolve("metrics/rounds.jsonl"))) {
      rounds.add(mapper.readTree(line));
    }
    return rounds;
  }
}
