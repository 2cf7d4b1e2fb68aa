package org.lethe.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lethe.error.LetheException;

final class PointerFileTest {
  /** The example of the Git LFS specification, with a size of its own. */
  private static final String LFS =
      "version https://git-lfs.github.com/spec/v1\n"
          + "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
          + "size 12345\n";

  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("model.safetensors"), text);
  }

  @Test
  void findsEveryKindFromTheFirstBytes() {
    assertThat(PointerFile.find(bytes(LFS))).contains(PointerFile.GIT_LFS);
    assertThat(PointerFile.find(bytes(LFS.replace("git-lfs.github", "hawser.github"))))
        .contains(PointerFile.GIT_LFS);
    assertThat(PointerFile.find(bytes("/annex/objects/SHA256E-s5--aa.bin\n")))
        .contains(PointerFile.GIT_ANNEX);
    assertThat(PointerFile.find(bytes("{\"version\": 1}"))).isEmpty();
    assertThat(PointerFile.find(new byte[0])).isEmpty();
  }

  @Test
  void rejectsAPointerAndNamesTheToolAndTheCommand() throws IOException {
    Path pointer = file(LFS);
    assertThatThrownBy(() -> PointerFile.reject(pointer))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Cannot read %s: it is a pointer of Git LFS, the file itself was not downloaded; run"
                + " 'git lfs pull' in its repository, or download the file",
            pointer);
  }

  @Test
  void acceptsOtherFilesAndMissingOnes() throws IOException {
    Path other = file("version of a text");
    assertThatCode(() -> PointerFile.reject(other)).doesNotThrowAnyException();
    assertThatCode(() -> PointerFile.reject(directory.resolve("none"))).doesNotThrowAnyException();
  }

  @Test
  void weightsAndIndexMayBeNoPointers() throws IOException {
    Path pointer = file(LFS);
    assertThatThrownBy(() -> SafetensorsReader.open(pointer)).hasMessageContaining("Git LFS");
    Files.move(pointer, directory.resolve(SafetensorsReader.INDEX_FILE));
    assertThatThrownBy(() -> SafetensorsReader.open(directory)).hasMessageContaining("Git LFS");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
