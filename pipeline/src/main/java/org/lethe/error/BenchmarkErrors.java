package org.lethe.error;

import java.util.Collection;

/** Failures of benchmark data, rows and studies. No message contains text of a row. */
public final class BenchmarkErrors {
  private BenchmarkErrors() {}

  public static LetheException unknown(String name, Collection<String> known) {
    return ExitClass.USAGE.failure(
        "Unknown benchmark: %s, expected one of %s%s",
        name,
        String.join(", ", known),
        NameSuggestion.of(name, known)
            .map(closest -> "; did you mean " + closest + "?")
            .orElse(""));
  }

  /** A score needs a row that the evaluation does not have. */
  public static LetheException missingRow(String set, String id) {
    return ExitClass.INPUT.failure(
        "Missing row %s in set %s, which the score needs; evaluate that set too, see"
            + " data-schemas/README.md",
        id, set);
  }

  /** A score needs generated text, and a row has none. */
  public static LetheException noGeneratedText(String set, String id) {
    return ExitClass.INPUT.failure(
        "No generated text in row %s of set %s, expected one for this score; evaluate again with"
            + " generation switched on",
        id, set);
  }

  /** A score needs a metric, and a row lacks it. */
  public static LetheException noMetric(String set, String id, String metric) {
    return ExitClass.INPUT.failure(
        "No metric %s in row %s of set %s, expected one for this score; write rows in the format of"
            + " data-schemas/evaluation-row.schema.json",
        metric, id, set);
  }

  public static LetheException unreadableRows(String file, long line, String problem) {
    return ExitClass.INPUT.failure(
        "Invalid evaluation row: line %d of %s: %s; see data-schemas/README.md for the format",
        line, file, problem);
  }

  /** A file of rows has none of the chosen benchmark. */
  public static LetheException noFigures(String benchmark, String file) {
    return ExitClass.INPUT.failure(
        "No rows of benchmark %s in %s; give the rows of an evaluation of that benchmark, or"
            + " another --benchmark",
        benchmark, file);
  }

  public static LetheException missingData(String benchmark, String file, String where) {
    return ExitClass.INPUT.failure(
        "Missing data of benchmark %s: no %s; get it from %s", benchmark, file, where);
  }

  /** A line of a data file does not match its schema. */
  public static LetheException badData(
      String benchmark, String file, long line, String problem, String schema, String where) {
    return ExitClass.INPUT.failure(
        "Invalid data of benchmark %s: line %d of %s: %s; expected data-schemas/%s, as published at"
            + " %s",
        benchmark, line, file, problem, schema, where);
  }

  public static LetheException noMethods() {
    return ExitClass.USAGE.failure(
        "No methods to compare: lethe.benchmark.methods is empty; give --config a scenario such as"
            + " conf/benchmark-tofu.conf");
  }

  /** A finished cell of a study was computed from other inputs or settings. */
  public static LetheException cellChanged(String folder) {
    return ExitClass.CONFLICT.failure(
        "Inputs of a finished cell changed: %s was computed with other models, data or settings;"
            + " delete that folder to compute it again, or use another --run-dir",
        folder);
  }

  /** The target model does not know the data that the study then unlearns. */
  public static LetheException notMemorised(String figure, double found, double expected) {
    return ExitClass.GATE.failure(
        "The target has not memorised its data: %s is %.3f, expected at least %.3f; raise"
            + " lethe.finetune.rounds or lethe.finetune.learning-rate.peak, or lower"
            + " lethe.benchmark.memorised",
        figure, found, expected);
  }
}
