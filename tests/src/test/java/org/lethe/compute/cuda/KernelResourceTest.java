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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
