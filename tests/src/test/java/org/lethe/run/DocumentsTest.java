package org.lethe.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;

final class DocumentsTest {
  @TempDir private Path folder;
  private RunDirectory directory;
  private FileSystem fileSystem;

  @BeforeEach
  void open() {
    directory = RunDirectory.at(folder.toString(), new Configuration());
    fileSystem = directory.fileSystem();
  }

  @Test
  void digestsAreSha256() {
    // FIPS 180-2, appendix B.1.
    assertThat(Digests.of("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void digestsOfATreeSkipBookkeepingFiles() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/c.txt"), "abc");
    Files.writeString(folder.resolve("a/.hidden"), "x");
    Files.writeString(folder.resolve("a/_SUCCESS"), "");
    assertThat(Digests.ofTree(fileSystem, directory.below("a")))
        .containsExactly(Map.entry("b/c.txt", Digests.of("abc")));
  }

  @Test
  void differentMapsHaveDifferentDigests() {
    assertThat(Digests.of(new TreeMap<>(Map.of("a", "bc"))))
        .isNotEqualTo(Digests.of(new TreeMap<>(Map.of("ab", "c"))));
  }

  @Test
  void writingReplacesTheFileAndLeavesNoTemporaryFile() throws IOException {
    Documents.write(fileSystem, directory.result(), Map.of("a", 1));
    Documents.write(fileSystem, directory.result(), Map.of("a", 2));
    assertThat(Documents.read(fileSystem, directory.result()).path("a").asInt()).isEqualTo(2);
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("result.json");
    }
  }

  @Test
  void partialLastLineIsDroppedBeforeAppending() throws IOException {
    JsonLines lines = JsonLines.open(fileSystem, directory.roundsLog(), line -> true);
    lines.append(Map.of("round", 1));
    lines.append(Map.of("round", 2));
    lines.append(Map.of("round", 3));
    Files.writeString(
        folder.resolve("metrics/rounds.jsonl"), "{\"round\": 4, \"fo", StandardOpenOption.APPEND);
    JsonLines resumed =
        JsonLines.open(fileSystem, directory.roundsLog(), line -> line.path("round").asInt() <= 2);
    resumed.append(Map.of("round", 3));
    List<JsonNode> found = JsonLines.read(fileSystem, directory.roundsLog());
    assertThat(found).extracting(line -> line.path("round").asInt()).containsExactly(1, 2, 3);
    assertThat(Files.readString(folder.resolve("metrics/rounds.jsonl"))).endsWith("}\n");
  }

  @Test
  void invalidLinesAreReportedByNumber() throws IOException {
    Files.createDirectories(folder.resolve("metrics"));
    Files.writeString(folder.resolve("metrics/rounds.jsonl"), "{}\nnonsense\n");
    assertThatThrownBy(() -> JsonLines.read(fileSystem, directory.roundsLog()))
        .hasMessageContaining("line 2 is not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "", ".hidden", "a..b", "a b", "%2e%2e", "s3a:x"})
  void unsafeNamesAreRejected(String name) {
    assertThatThrownBy(() -> RunDocument.of(name, "", new TreeMap<>(), new TreeMap<>()))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.USAGE))
        .hasMessageStartingWith("Invalid run id: '" + name + "'");
    assertThatThrownBy(() -> directory.nested(name)).isInstanceOf(LetheException.class);
  }

  @Test
  void directoryOfAnotherRunIsRejected() {
    RunDocument.of("first", "r-1", new TreeMap<>(), new TreeMap<>()).claim(directory);
    RunDocument.of("first", "r-1", new TreeMap<>(), new TreeMap<>()).claim(directory);
    assertThatThrownBy(
            () -> RunDocument.of("second", "", new TreeMap<>(), new TreeMap<>()).claim(directory))
        .isInstanceOfSatisfying(
            LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.CONFLICT))
        .hasMessageContaining("contains run 'first', requested was 'second'");
  }

  @Test
  void unknownSchemeIsRejected() {
    assertThatThrownBy(() -> RunDirectory.at("gopher://x/y", new Configuration()))
        .hasMessageStartingWith("File system not available for gopher://x/y: No FileSystem");
    assertThatThrownBy(() -> RunDirectory.at(" ", new Configuration()))
        .hasMessageStartingWith("Invalid run directory: ''");
  }

  @Test
  void fullDiskIsReportedInOneLine() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()) == 0);
    try {
      RunDirectory full = RunDirectory.at(small.toString(), new Configuration());
      assertThatThrownBy(() -> Documents.writeText(fileSystem, full.report(), "x".repeat(1 << 18)))
          .isInstanceOfSatisfying(
              LetheException.class, e -> assertThat(e.exitClass()).isEqualTo(ExitClass.PLATFORM))
          .hasMessage(
              "Disk full while writing " + full.report() + "; free space or use another --run-dir");
      try (var files = Files.list(small)) {
        assertThat(files).isEmpty();
      }
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  @Test
  void missingAndForbiddenFilesAreReportedInOneLine() {
    assertThatThrownBy(() -> Documents.read(fileSystem, directory.record()))
        .hasMessage("No such file while reading " + directory.record() + "; check the path");
    LetheException denied =
        RunErrors.io("writing", "/x", new IOException("/x (Permission denied)"));
    assertThat(denied.exitClass()).isEqualTo(ExitClass.INPUT);
    assertThat(denied).hasMessageStartingWith("Permission denied while writing /x; grant access");
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
