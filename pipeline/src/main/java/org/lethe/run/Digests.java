package org.lethe.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;

/** SHA-256 digests, as 64 hexadecimal digits, of bytes, text, files and folders. */
public final class Digests {
  private static final int BUFFER = 1 << 18;

  private Digests() {}

  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** Digest of the text's UTF-8 bytes. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Digest of names and values, ordered by name. It covers lengths too, so different maps never
   * give the same input.
   */
  public static String of(SortedMap<String, String> entries) {
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      for (String part : new String[] {entry.getKey(), entry.getValue()}) {
        all.append(part.length()).append(':').append(part).append('\n');
      }
    }
    return of(all.toString());
  }

  /** Digest of a file's bytes. */
  public static String ofFile(FileSystem fileSystem, Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = fileSystem.open(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw RunErrors.io("reading", file.toString(), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Returns the digest of every file below a folder, by relative path. A single file counts as one
   * entry with its own name. Leaves out names that begin with '.' or '_', the bookkeeping of Hadoop
   * and Spark.
   */
  public static SortedMap<String, String> ofTree(FileSystem fileSystem, Path folder) {
    SortedMap<String, String> digests = new TreeMap<>();
    filesOfTree(fileSystem, folder)
        .forEach((name, file) -> digests.put(name, ofFile(fileSystem, file)));
    return digests;
  }

  /** The files whose digests {@link #ofTree} returns, by the same names. */
  public static SortedMap<String, Path> filesOfTree(FileSystem fileSystem, Path folder) {
    SortedMap<String, Path> files = new TreeMap<>();
    try {
      FileStatus status = fileSystem.getFileStatus(folder);
      if (status.isFile()) {
        files.put(folder.getName(), folder);
      } else {
        collect(fileSystem, folder, "", files);
      }
    } catch (IOException e) {
      throw RunErrors.io("reading", folder.toString(), e);
    }
    return files;
  }

  /** One digest of a whole folder, over its relative names and their digests. */
  public static String ofTreeAsOne(FileSystem fileSystem, Path folder) {
    return of(ofTree(fileSystem, folder));
  }

  private static void collect(
      FileSystem fileSystem, Path folder, String prefix, SortedMap<String, Path> files)
      throws IOException {
    for (FileStatus status : fileSystem.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith(".") || name.startsWith("_")) {
        continue;
      }
      if (status.isDirectory()) {
        collect(fileSystem, status.getPath(), prefix + name + "/", files);
      } else {
        files.put(prefix + name, status.getPath());
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
