package org.lethe.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lethe.jobs.KilledRun.KILLED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.ChildProcess;
import org.lethe.compute.cuda.EmulatedDevice;
import org.lethe.compute.cuda.TestDevice;
import org.lethe.error.ExitClass;

/** Runs the pipeline on a CUDA device, from the configuration to the released model. */
final class CudaPipelineTest {
  private static final List<String> FIGURES =
      List.of("forget_loss", "retain_loss", "forget_squared_norm", "retain_squared_norm");

  private static final String ON_DEVICE = "lethe.platform.backend=cuda";
  private static final String WITH_GRAPHS = "lethe.platform.graphs=on";

  @TempDir Path folder;

  @BeforeAll
  static void device() {
    TestDevice.backend();
  }

  @Test
  void roundsOnTheDeviceAgreeWithTheCpu() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    List<JsonNode> device = rounds(fixture, "device", ON_DEVICE);
    List<JsonNode> cpu = rounds(fixture, "cpu", "lethe.platform.backend=cpu");
    assertThat(device).hasSize(2).hasSameSizeAs(cpu);
    String products = TestDevice.backend().products().orElseThrow();
    assertThat(device).allSatisfy(d -> assertThat(d.at("/kernels/0").asText()).contains(products));
    for (String file : List.of("run.json", "record.json")) {
      assertThat(fixture.run("device/" + file)).content().contains(products);
    }
    for (int round = 0; round < cpu.size(); round++) {
      for (String figure : FIGURES) {
        double expected = cpu.get(round).get(figure).asDouble();
        assertThat(device.get(round).get(figure).asDouble())
            .as("%s of round %d", figure, round)
            .isCloseTo(expected, within(1e-3 * Math.abs(expected)));
      }
    }
  }

  /** The processes use CUDA graphs, which change no bytes either. */
  @Test
  void aKilledRunResumesToTheSameBytes() throws IOException, InterruptedException {
    assumeTrue(!TestDevice.isReal(), "child processes use the emulated device");
    PipelineFixture fixture = new PipelineFixture(folder);
    KilledRun run =
        new KilledRun(folder, fixture, "jna.library.path=" + EmulatedDevice.install().folder());
    // The third contribution: two workers in the first round, and one in the second.
    assertThat(run.pipeline("cut", "round:contribution", 3, ON_DEVICE, WITH_GRAPHS))
        .isEqualTo(KILLED);
    assertThat(fixture.run("cut/rounds/000001/round.json")).exists();
    assertThat(fixture.run("cut/rounds/000002")).doesNotExist();
    assertThat(run.pipeline("cut", "", 1, ON_DEVICE, WITH_GRAPHS)).as(run.log()).isZero();

    assertThat(fixture.pipeline("whole", ON_DEVICE).status()).isZero();
    for (String file :
        List.of(
            "model/model.safetensors",
            "evaluation/before/rows.parquet",
            "evaluation/after/rows.parquet")) {
      assertThat(fixture.run("cut/" + file)).hasSameBinaryContentAs(fixture.run("whole/" + file));
    }
  }

  @Test
  void textIsRevealedAsOnTheCpu() throws IOException {
    PipelineFixture fixture = new PipelineFixture(folder);
    RevealFixture reveal =
        new RevealFixture(fixture, "Odile Farrow", "Tobias Wenning", "Ilse Morrow");
    String onlyReveal = "lethe.pipeline.stages=[reveal]";
    for (String backend : List.of("cuda", "cpu")) {
      PipelineFixture.Ended ended =
          fixture.pipeline(
              backend, reveal.settings(onlyReveal, "lethe.platform.backend=" + backend));
      assertThat(ended.status()).as(ended.err()).isZero();
    }
    for (String file : List.of("revealed/forget.parquet", "revealed/retain.parquet")) {
      assertThat(fixture.run("cuda/" + file)).hasSameBinaryContentAs(fixture.run("cpu/" + file));
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

  /** In a child process, because a process loads cuBLAS once. */
  @Test
  void aConfiguredCublasReplacesTheSearch() throws IOException, InterruptedException {
    assumeTrue(!TestDevice.isReal(), "child processes use the emulated device");
    String file = folder.resolve("libcublas.so.13").toString();
    Process process =
        ChildProcess.builder(
                PipelineProcess.class,
                List.of("doctor", "--set", ON_DEVICE, "--set", "lethe.platform.cublas=" + file),
                "jna.library.path=" + EmulatedDevice.install().folder())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(ExitClass.PLATFORM.status());
    assertThat(output).contains("cuBLAS not found", "Tried: " + file + "\n");
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
