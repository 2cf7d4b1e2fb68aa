package org.lethe.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * The PTX in the jar was compiled from the sources of this checkout. {@code
 * tests/gpu/compile_kernels.py} writes it; with {@code --check} it compiles again and compares.
 */
final class KernelResourceTest {
  private static final Path SOURCES = EmulatedDevice.root().resolve("pipeline/src/main/cuda");

  static List<String> resources() {
    return Kernels.RESOURCES;
  }

  @ParameterizedTest
  @MethodSource("resources")
  void theResourceIsCompiledFromItsSource(String resource)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(SOURCES.resolve(resource + ".cu")));
    for (Path header : files(".cuh")) {
      digest.update(Files.readAllBytes(header));
    }
    String expected = HexFormat.of().formatHex(digest.digest());
    assertThat(text(resource))
        .as("run tests/gpu/compile_kernels.py")
        .startsWith("// " + resource + ".cu, SHA-256 " + expected + "\n");
  }

  @ParameterizedTest
  @MethodSource("resources")
  void driversFrom520OnLoadItForDevicesFromAmpereOn(String resource) throws IOException {
    assertThat(text(resource)).contains(".version 7.8\n").contains(".target sm_80\n");
  }

  /** Atomic sums would depend on the order in which threads arrive. */
  @ParameterizedTest
  @MethodSource("resources")
  void noKernelUsesAtomics(String resource) throws IOException {
    assertThat(text(resource)).doesNotContainPattern("\\b(atom|red)\\.");
  }

  /** Compiles all sources again and compares, where Python has NVRTC 11.8. */
  @Test
  void theCompilerWritesTheSamePtx() throws IOException, InterruptedException {
    Path script = EmulatedDevice.root().resolve("tests/gpu/compile_kernels.py");
    ProcessBuilder builder = new ProcessBuilder("python3", script.toString(), "--check");
    Process process;
    try {
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new TestAbortedException("no python3", e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    Assumptions.assumeFalse(output.contains("NVRTC 11.8 not found"), "no NVRTC 11.8");
    assertThat(status).as(output).isZero();
  }

  @Test
  void everySourceIsLoaded() throws IOException {
    assertThat(files(".cu"))
        .extracting(file -> file.getFileName().toString().replace(".cu", ""))
        .containsExactlyElementsOf(Kernels.RESOURCES);
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = Kernels.class.getResourceAsStream(resource + ".ptx")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
