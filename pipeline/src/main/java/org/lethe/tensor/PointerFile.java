package org.lethe.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lethe.error.LetheException;
import org.lethe.error.PointerErrors;

/**
 * A small text file that stands for a large one that was not downloaded, as a clone without Git LFS
 * leaves behind.
 *
 * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS
 *     specification</a>
 */
public enum PointerFile {
  /** Git LFS; the first line of a pointer names the version of the specification. */
  GIT_LFS(
      "Git LFS",
      "git lfs pull",
      List.of(
          "version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/")),
  /** git-annex, for an unlocked file. */
  GIT_ANNEX("git-annex", "git annex get", List.of("/annex/objects/"));

  /** Number of bytes at the start of a file that {@link #find(byte[])} needs. */
  public static final int PREFIX_BYTES = 64;

  private final String tool;
  private final String command;
  private final List<String> prefixes;

  PointerFile(String tool, String command, List<String> prefixes) {
    this.tool = tool;
    this.command = command;
    this.prefixes = prefixes;
  }

  /**
   * Returns the kind of pointer that begins with these bytes, or empty for any other file.
   *
   * @param start the first {@link #PREFIX_BYTES} bytes of a file, or all bytes of a shorter one
   */
  public static Optional<PointerFile> find(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(kind -> kind.prefixes.stream().anyMatch(text::startsWith))
        .findFirst();
  }

  /**
   * Rejects a local file that is a pointer. Accepts every other file, also an unreadable one, whose
   * reader reports the reason.
   */
  public static void reject(Path file) {
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      find(in.readNBytes(PREFIX_BYTES))
          .ifPresent(
              kind -> {
                throw kind.failure(file);
              });
    } catch (IOException e) {
      return;
    }
  }

  /** The error for a file that is such a pointer. */
  public LetheException failure(Object file) {
    return PointerErrors.notDownloaded(file, tool, command);
  }
}
