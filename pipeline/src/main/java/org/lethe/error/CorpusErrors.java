package org.lethe.error;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be wrong with corpora and shards. No message holds text of a row. */
public final class CorpusErrors {
  private CorpusErrors() {}

  public static LetheException cannotRead(String file, Exception cause) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot read " + file + ": " + reason(cause) + "; check that it exists and is whole",
        cause);
  }

  public static LetheException cannotDecode(String file, long row, String exception) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot read " + file + ": " + exception + " at row " + row + "; check that it is whole");
  }

  public static LetheException noFiles(String folder) {
    return new LetheException(
        ExitClass.INPUT,
        "no files in "
            + folder
            + ", expected JSON Lines or Parquet; names that begin with '_' or '.' do not count");
  }

  public static LetheException compressed(String file) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot read " + file + ": it is compressed, expected JSON Lines or Parquet; unpack it");
  }

  public static LetheException notParquet(String file) {
    return new LetheException(
        ExitClass.INPUT,
        "cannot read "
            + file
            + ": it does not begin with PAR1 as Parquet files do; write it anew, or name it .jsonl");
  }

  public static LetheException noSuchField(String field, String file, List<String> present) {
    return new LetheException(
        ExitClass.INPUT,
        "no field '"
            + field
            + "' in "
            + file
            + ", which has "
            + present
            + "; set lethe.corpus.prompt-field and completion-field");
  }

  public static LetheException wrongColumnType(String field, String file, String found) {
    return new LetheException(
        ExitClass.INPUT,
        "column '"
            + field
            + "' of "
            + file
            + " is '"
            + found.replaceAll("\\s+", " ")
            + "', expected a string; set lethe.corpus.prompt-field and completion-field");
  }

  public static LetheException tooManyMalformed(
      String set,
      long malformed,
      long rows,
      double limit,
      Map<String, Long> reasons,
      List<String> first,
      String quarantine) {
    return new LetheException(
        ExitClass.INPUT,
        String.format(
            Locale.ROOT,
            "%d of %d rows of the %s corpus are malformed (%.2f %%), allowed are %.2f %%: %s; the"
                + " first at %s; mend the rows kept in %s, or raise lethe.shard.quarantine-limit",
            malformed,
            rows,
            set,
            100.0 * malformed / rows,
            100.0 * limit,
            reasons.entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", ")),
            String.join(", ", first),
            quarantine));
  }

  public static LetheException overlap(long rows, List<String> first) {
    return new LetheException(
        ExitClass.INPUT,
        rows
            + (rows == 1 ? " example is" : " examples are")
            + " in both the forget and the retain corpus (forget id = retain id, digest): "
            + String.join(", ", first)
            + "; remove them from one, or set lethe.shard.overlap");
  }

  public static LetheException emptyCorpus(
      String set, List<String> uris, long read, long filtered, long overlapping) {
    return new LetheException(
        ExitClass.INPUT,
        "no rows in the "
            + set
            + " corpus "
            + uris
            + ": "
            + read
            + " read, "
            + filtered
            + " left out by the row filter, "
            + overlapping
            + " in both corpora; expected at least one; check lethe.corpus."
            + set);
  }

  public static LetheException cannotEncode(String id, String digest, String exception) {
    return new LetheException(
        ExitClass.INTERNAL,
        "cannot encode row " + id + " (" + digest + "): " + exception + " in the tokenizer");
  }

  /** Without the message, which may quote a row. */
  public static LetheException sparkFailed(Throwable cause) {
    return new LetheException(
        ExitClass.INTERNAL,
        "a Spark job of sharding failed: "
            + cause.getClass().getName()
            + "; Spark's own log says where",
        cause);
  }

  /** A defect of ours: its kind and its stack, without its message, which may quote the row. */
  public static LetheException defectInRow(String file, long line, RuntimeException defect) {
    LetheException shown =
        new LetheException(
            ExitClass.INTERNAL,
            "cannot handle row " + file + ":" + line + ": " + defect.getClass().getSimpleName());
    shown.setStackTrace(defect.getStackTrace());
    return shown;
  }

  private static String reason(Exception cause) {
    String message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    return message.lines().findFirst().orElse("");
  }
}
