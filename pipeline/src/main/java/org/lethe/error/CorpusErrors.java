package org.lethe.error;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Failures of corpora and shards. No message contains text of a row. */
public final class CorpusErrors {
  private static final String SET_FIELDS =
      "; set lethe.corpus.prompt-field and lethe.corpus.completion-field";

  private CorpusErrors() {}

  public static LetheException cannotRead(String file, Exception cause) {
    return PlatformErrors.missingFileSystem(file, cause)
        .or(() -> PlatformErrors.otherLibraryVersion(cause))
        .orElseGet(
            () ->
                ExitClass.INPUT.failure(
                    cause,
                    "Cannot read %s: %s; check that the file exists and is complete",
                    file,
                    reason(cause)));
  }

  public static LetheException cannotDecode(String file, long row, String exception) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: %s at row %d; check that the file is complete", file, exception, row);
  }

  public static LetheException noFiles(String folder) {
    return ExitClass.INPUT.failure(
        "No files in %s, expected JSON Lines or Parquet; files whose names begin with '_' or '.'"
            + " are ignored",
        folder);
  }

  public static LetheException utf16(String path) {
    return ExitClass.INPUT.failure(
        "Text in UTF-16: %s; expected UTF-8; convert it, for example with iconv -f UTF-16 -t UTF-8",
        path);
  }

  public static LetheException compressed(String file) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it is compressed, expected JSON Lines, packed by gzip or Zstandard or not,"
            + " or Parquet; unpack it",
        file);
  }

  public static LetheException packedParquet(String file) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it is a compressed Parquet file, expected Parquet without further"
            + " compression; unpack it",
        file);
  }

  /** A small file that unpacks to a huge one. */
  public static LetheException unpacksTooFar(String file, long most) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it unpacks to more than %d MiB, expected at most 200 times its size;"
            + " if that is right, unpack it",
        file, most >> 20);
  }

  public static LetheException foreignFile(String file) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it is neither JSON nor Parquet; move it out of the folder, or name the"
            + " files by a glob such as FOLDER/*.jsonl",
        file);
  }

  public static LetheException linkToItself(String folder) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: this symbolic link leads to a folder above it; remove the link", folder);
  }

  public static LetheException brokenLink(String file) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: the target of this symbolic link does not exist; restore the target or"
            + " remove the link",
        file);
  }

  public static LetheException table(String folder, String kind, String format) {
    return ExitClass.INPUT.failure(
        "Cannot read %1$s: it is the folder of a %2$s table, whose files also hold deleted rows;"
            + " export the current rows with Spark, for example"
            + " spark.read.format(\"%3$s\").load(...).write.parquet(...), and read the export",
        folder, kind, format);
  }

  public static LetheException notParquet(String file) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: it does not begin with PAR1, expected a Parquet file; write it again, or"
            + " rename it to .jsonl if it is JSON Lines",
        file);
  }

  public static LetheException noSuchField(String field, String file, List<String> present) {
    return ExitClass.INPUT.failure(
        "No field '%s' in %s, found %s" + SET_FIELDS, field, file, present);
  }

  public static LetheException wrongColumnType(String field, String file, String found) {
    return ExitClass.INPUT.failure(
        "Column '%s' of %s is '%s', expected a string" + SET_FIELDS,
        field,
        file,
        found.replaceAll("\\s+", " "));
  }

  public static LetheException tooManyMalformed(
      String set,
      long malformed,
      long rows,
      double limit,
      Map<String, Long> reasons,
      List<String> first,
      String quarantine) {
    String counts =
        reasons.entrySet().stream()
            .map(reason -> reason.getKey() + " " + reason.getValue())
            .collect(Collectors.joining(", "));
    return ExitClass.INPUT.failure(
        "%d of %d rows of the %s corpus are malformed (%.2f %%), expected at most %.2f %%: %s;"
            + " first at %s; correct the rows listed in %s, or raise lethe.shard.quarantine-limit",
        malformed,
        rows,
        set,
        100.0 * malformed / rows,
        100.0 * limit,
        counts,
        String.join(", ", first),
        quarantine);
  }

  public static LetheException overlap(long rows, List<String> first) {
    return ExitClass.INPUT.failure(
        "%d %s in both the forget and the retain corpus (forget id = retain id, digest): %s; remove"
            + " them from one corpus, or set lethe.shard.overlap",
        rows, rows == 1 ? "example is" : "examples are", String.join(", ", first));
  }

  public static LetheException emptyCorpus(
      String set, List<String> uris, long read, long filtered, long overlapping) {
    return ExitClass.INPUT.failure(
        "No rows in the %1$s corpus %2$s: %3$d read, %4$d removed by the row filter, %5$d in both"
            + " corpora; expected at least one; check lethe.corpus.%1$s",
        set, uris, read, filtered, overlapping);
  }

  public static LetheException cannotEncode(String id, String digest, String exception) {
    return ExitClass.INTERNAL.failure(
        "Cannot encode row %s (%s): %s in the tokenizer", id, digest, exception);
  }

  /** Unseen rows cannot be made. */
  public static LetheException nothingToSubstitute() {
    return ExitClass.INPUT.failure(
        "No unseen rows: no forget row has a name, a date or a number to replace; give rows like"
            + " them that the model never saw, by lethe.corpus.unseen");
  }

  /** A defect of Lethe. Keeps its kind and stack; omits its message, which may quote the row. */
  public static LetheException defectInRow(String file, long line, RuntimeException defect) {
    LetheException shown =
        ExitClass.INTERNAL.failure(
            "Cannot handle row %s:%d: %s", file, line, defect.getClass().getSimpleName());
    shown.setStackTrace(defect.getStackTrace());
    return shown;
  }

  private static String reason(Exception cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
