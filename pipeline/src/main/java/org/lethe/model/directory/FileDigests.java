package org.lethe.model.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.ModelDirectoryErrors;

/** SHA-256 of files and of sets of files, in lower-case hexadecimal digits. */
final class FileDigests {
  private static final int BUFFER_BYTES = 1 << 20;

  private FileDigests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String ofFile(Path file) {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw ModelDirectoryErrors.unreadable(file, e);
    }
    return hex(digest);
  }

  /** Digest over names and digests, sorted by name: one line "digest name" for each file. */
  static String ofAll(Map<String, String> digests) {
    MessageDigest all = sha256();
    SortedMap<String, String> sorted = new TreeMap<>(digests);
    sorted.forEach(
        (name, digest) ->
            all.update((digest + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return hex(all);
  }
}
