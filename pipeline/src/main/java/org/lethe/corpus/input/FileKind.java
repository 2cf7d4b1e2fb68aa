package org.lethe.corpus.input;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.lethe.error.CorpusErrors;
import org.lethe.tensor.PointerFile;

/** Decides what an input file is, from its first bytes and its name. */
final class FileKind {
  /** Number of bytes at the start of a file that decide. */
  static final int HEAD_BYTES = 4096;

  private static final byte[] PARQUET = {'P', 'A', 'R', '1'};

  // Byte order marks, as Windows PowerShell writes them.
  private static final byte[] UTF_16_LITTLE = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] UTF_16_BIG = {(byte) 0xFE, (byte) 0xFF};

  private static final Set<String> ROW_SUFFIXES =
      Set.of("", "json", "jsonl", "jsonlines", "ndjson", "parquet", "parq");

  /** Files that people and tools put beside data, which hold no rows. */
  private static final Pattern COMPANION =
      Pattern.compile(
          "(readme|licen[cs]e|notice|changelog|citation|authors|copying)([.].*)?"
              + "|.*[.](md|rst|html?|pdf|png|jpe?g|svg|py|sh|ipynb|ya?ml|toml|crc|md5|sha256)",
          Pattern.CASE_INSENSITIVE);

  private FileKind() {}

  /**
   * The start of a file.
   *
   * @param packing how the file is compressed
   * @param bytes the first bytes, unpacked
   */
  record Head(Packing packing, byte[] bytes) {
    @Override
    public String toString() {
      return "Head[" + packing + "]";
    }
  }

  /** Returns the format of a file that the user named. */
  static InputSplit.Format named(String path, Head head) {
    if (head.packing() == Packing.NONE) {
      return plain(path, head.bytes());
    }
    if (head.packing() == Packing.OTHER || Packing.of(head.bytes()) != Packing.NONE) {
      throw CorpusErrors.compressed(path);
    }
    return switch (plain(inside(path), head.bytes())) {
      case JSON_LINES, PACKED_LINES -> InputSplit.Format.PACKED_LINES;
      case JSON_ARRAY -> InputSplit.Format.JSON_ARRAY;
      case PARQUET -> throw CorpusErrors.packedParquet(path);
    };
  }

  /** Returns the name of a packed file without the suffix of its packing. */
  private static String inside(String path) {
    return path.replaceFirst("(?i)[.](gz|gzip|zst|zstd)$", "");
  }

  private static InputSplit.Format plain(String path, byte[] head) {
    PointerFile.find(head)
        .ifPresent(
            pointer -> {
              throw pointer.failure(path);
            });
    if (startsWith(head, UTF_16_LITTLE) || startsWith(head, UTF_16_BIG)) {
      throw CorpusErrors.utf16(path);
    }
    if (startsWith(head, PARQUET)) {
      return InputSplit.Format.PARQUET;
    }
    if (suffix(path).equals("parquet") || suffix(path).equals("parq")) {
      throw CorpusErrors.notParquet(path);
    }
    return isArray(head) ? InputSplit.Format.JSON_ARRAY : InputSplit.Format.JSON_LINES;
  }

  /**
   * Returns the format of a file in a folder that the user named, or empty for a file without rows.
   */
  static Optional<InputSplit.Format> found(String path, Head head) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (COMPANION.matcher(name).matches()) {
      return Optional.empty();
    }
    InputSplit.Format format = named(path, head);
    boolean lines =
        format == InputSplit.Format.JSON_LINES || format == InputSplit.Format.PACKED_LINES;
    if (lines
        && !ROW_SUFFIXES.contains(suffix(head.packing() == Packing.NONE ? path : inside(path)))
        && head.bytes().length > 0
        && !text(head.bytes()).startsWith("{")) {
      throw CorpusErrors.foreignFile(path);
    }
    return Optional.of(format);
  }

  private static String suffix(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.contains(".")
        ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)
        : "";
  }

  /** A line of JSON Lines may begin with a list, but not with a list of objects. */
  private static boolean isArray(byte[] head) {
    String text = text(head);
    if (!text.startsWith("[")) {
      return false;
    }
    String rest = text.substring(1).strip();
    return rest.startsWith("{") || rest.equals("]");
  }

  /** Returns the start of a file without byte order mark and white space. */
  private static String text(byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    return (text.startsWith("\ufeff") ? text.substring(1) : text).stripLeading();
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
