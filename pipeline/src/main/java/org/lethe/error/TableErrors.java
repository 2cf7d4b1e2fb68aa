package org.lethe.error;

/** Failures of tables. No message contains text of a row. */
public final class TableErrors {
  private TableErrors() {}

  public static LetheException invalidIdentifier(String location) {
    return ExitClass.USAGE.failure(
        "Invalid table: iceberg:%s, expected iceberg:catalog.namespace.table of letters, digits,"
            + " '_' and '-', with @vSNAPSHOT for one snapshot",
        location);
  }

  public static LetheException invalidVersion(String table) {
    return ExitClass.USAGE.failure(
        "Invalid table: %s, expected a version below 2^63 after @v", table);
  }

  /** The jars of a format are not there. */
  public static LetheException missingPackage(
      String table, String format, String artifact, Throwable cause) {
    return ExitClass.PLATFORM.failure(
        cause,
        "Cannot open %1$s: Spark has no data source %2$s; add its jars, for Spark 4.1 those of"
            + " %3$s, with LETHE_JARS (jobs/bin/lethe), --packages or --jars (spark-submit)",
        table,
        format,
        artifact);
  }

  public static LetheException noVersion(String table) {
    return ExitClass.INPUT.failure(
        "Cannot read %s: no such table, or it has no version yet; check the name and that rows"
            + " were written to it",
        table);
  }

  /** A failure of analysis or of the format's own files. */
  public static LetheException failed(String table, String reason, Throwable cause) {
    return ExitClass.INPUT.failure(
        cause,
        "Cannot open %s: %s: %s",
        table,
        cause.getClass().getSimpleName(),
        ErrorText.oneLine(reason));
  }

  public static LetheException noRequests(String table) {
    return ExitClass.INPUT.failure(
        "No open requests in %s, expected at least one row, with status open if the table has a"
            + " column status",
        table);
  }

  public static LetheException invalidRequest(String table, String id, String problem) {
    return ExitClass.INPUT.failure("Invalid request %s in %s: %s", id, table, problem);
  }

  public static LetheException noRequestColumn(String column, String table, String found) {
    return ExitClass.INPUT.failure(
        "No column '%s' in %s, found %s; expected id, forget, and if needed gates and status",
        column, table, found);
  }
}
