package org.lethe.cluster.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.ChildProcess;
import org.lethe.SparkFixture;
import org.lethe.cluster.TinyDecoder;
import org.lethe.compute.TestBackend;
import org.lethe.compute.cuda.EmulatedDevice;

/** Executors with a GPU each, which Spark found and assigned. One of them loses its GPU. */
final class DeviceClusterTest {
  @TempDir Path folder;

  @BeforeEach
  void findTwoGpus() throws IOException {
    Assumptions.assumeTrue(EmulatedDevice.isPossible(), "no g++ to build the emulated device");
    Path command = folder.resolve("nvidia-smi");
    Files.writeString(command, "#!/bin/sh\nprintf '0\\n1\\n'\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aRunThatLosesAGpuEndsWithTheSameBytesOnANewExecutor() throws Exception {
    Path run = train();
    String log = Files.readString(folder.resolve("log"));
    // Whether the new executor comes before the last round depends on the machine.
    assertThat(assigned(run))
        .anyMatch(name -> name.startsWith("gpu-0-"))
        .anyMatch(name -> name.startsWith("gpu-1-"));
    assertThat(log)
        .containsPattern("CUDA device failed: \\w+.* returned CUDA_ERROR_LAUNCH_FAILED \\(719\\)")
        .contains("Round 3 was lost and is repeated", "exited with code 50");
    assertThat(state(run)).isEqualTo(onOneMachine());
  }

  /** GPUs and executors, as their processes reported them. */
  private static List<String> assigned(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("gpu-"))
          .toList();
    }
  }

  private byte[] onOneMachine() throws IOException {
    Path whole = folder.resolve("whole");
    Training.run(
        SparkFixture.context(),
        TrainingFixture.onDevices(whole, new TinyDecoder("full", TestBackend.CUDA_FLOAT)),
        TrainingListener.NONE);
    return state(whole);
  }

  private static byte[] state(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("rounds/000004/state.safetensors"));
  }

  private Path train() throws IOException, InterruptedException {
    Path run = Files.createDirectories(folder.resolve("run"));
    ProcessBuilder builder =
        ChildProcess.onACluster(folder, DeviceTrainingProcess.class, List.of(run.toString()));
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().put(EmulatedDevice.FOLDER, EmulatedDevice.install().folder().toString());
    Process process =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    return run;
  }
}
