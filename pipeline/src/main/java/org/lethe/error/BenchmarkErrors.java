package org.lethe.error;

import java.util.Collection;

/** What can be wrong with a benchmark's data, rows and studies. No message holds text of a row. */
public final class BenchmarkErrors {
  private BenchmarkErrors() {}

  /** There is no such benchmark. */
  public static LetheException unknown(String name, Collection<String> known) {
    return new LetheException(
        ExitClass.USAGE,
        "Unknown benchmark: " + name + ", expected one of " + String.join(", ", known));
  }

  /** A row that another row's score needs. */
  public static LetheException missingRow(String set, String id) {
    return new LetheException(
        ExitClass.INPUT,
        "No row "
            + id
            + " in set "
            + set
            + ", which the score needs; evaluate that set too, see data-schemas/README.md");
  }

  /** A score needs the text that the model generated. */
  public static LetheException noGeneratedText(String set, String id) {
    return new LetheException(
        ExitClass.INPUT,
        "No generated text in row "
            + id
            + " of set "
            + set
            + ", expected one for this score; evaluate again with generation switched on");
  }

  /** A score needs a figure that the row lacks. */
  public static LetheException noMetric(String set, String id, String metric) {
    return new LetheException(
        ExitClass.INPUT,
        "No "
            + metric
            + " in row "
            + id
            + " of set "
            + set
            + ", expected one for this score; write rows as data-schemas/evaluation-row says");
  }

  /** A file of rows cannot be used. */
  public static LetheException unreadableRows(String file, long line, String problem) {
    return new LetheException(
        ExitClass.INPUT,
        "Unreadable rows: line "
            + line
            + " of "
            + file
            + ": "
            + problem
            + "; data-schemas/README.md says what a row needs");
  }

  /** Rows hold nothing of a benchmark. */
  public static LetheException noFigures(String benchmark, String file) {
    return new LetheException(
        ExitClass.INPUT,
        "No rows of benchmark "
            + benchmark
            + " in "
            + file
            + "; give the rows of an evaluation of that benchmark, or another --benchmark");
  }

  /** A data file of a benchmark does not exist. */
  public static LetheException missingData(String benchmark, String file, String where) {
    return new LetheException(
        ExitClass.INPUT,
        "Missing data of benchmark " + benchmark + ": no " + file + "; get it from " + where);
  }

  /** A line of a data file is not what the schema says. */
  public static LetheException badData(
      String benchmark, String file, long line, String problem, String schema, String where) {
    return new LetheException(
        ExitClass.INPUT,
        "Data of benchmark "
            + benchmark
            + " cannot be used: line "
            + line
            + " of "
            + file
            + ": "
            + problem
            + "; expected data-schemas/"
            + schema
            + ", as published at "
            + where);
  }

  /** A study without methods. */
  public static LetheException noMethods() {
    return new LetheException(
        ExitClass.USAGE,
        "No methods to compare: lethe.benchmark.methods is empty; give --config a scenario such as"
            + " conf/benchmark-tofu.conf");
  }

  /** A cell was made of other inputs or settings. */
  public static LetheException cellChanged(String folder) {
    return new LetheException(
        ExitClass.CONFLICT,
        "A finished cell was made of other models, data or settings: "
            + folder
            + "; delete that folder to make it again, or use another --run-dir");
  }

  /** The target did not learn what is to be forgotten. */
  public static LetheException notMemorised(String figure, double found, double expected) {
    return new LetheException(
        ExitClass.GATE,
        String.format(
            java.util.Locale.ROOT,
            "The target has not memorised its data: %s is %.3f, expected at least %.3f; raise"
                + " lethe.finetune.rounds or lethe.finetune.learning-rate.peak, or lower"
                + " lethe.benchmark.memorised",
            figure,
            found,
            expected));
  }
}
