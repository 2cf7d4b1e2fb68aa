package org.lethe.corpus.table;

import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.LetheException;
import org.lethe.error.TableErrors;
import org.lethe.spark.SparkJob;

/** Reads and writes tables by Spark's data sources. */
public final class Tables {
  private final SparkSession session;

  public Tables(SparkSession session) {
    this.session = session;
  }

  /** Returns the table at the version that its name gives, or at the current one. */
  public TableName pinned(TableName table) {
    if (table.version().isPresent()) {
      return table;
    }
    return run(
        table,
        () ->
            table.at(
                table
                    .format()
                    .access()
                    .currentVersion(session, table)
                    .orElseThrow(() -> TableErrors.noVersion(table.toString()))));
  }

  /** Returns the rows of a table at a version. */
  public Dataset<Row> rows(TableName pinned) {
    return run(pinned, () -> pinned.format().access().rows(session, pinned));
  }

  /** Replaces the rows of one run and request. */
  void replace(TableName table, Dataset<Row> rows, String runId, String requestId) {
    run(
        table,
        () -> {
          table.format().access().replace(rows, table, runId, requestId);
          return table;
        });
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private <T> T run(TableName table, Work<T> work) {
    return SparkJob.run(
        JavaSparkContext.fromSparkContext(session.sparkContext()),
        "reading or writing " + table,
        () -> explained(table, work));
  }

  /** Spark throws checked exceptions undeclared. */
  private static <T> T explained(TableName table, Work<T> work) {
    try {
      return work.run();
    } catch (LetheException e) {
      throw e;
    } catch (Exception | NoClassDefFoundError e) {
      if (isMissing(e)) {
        throw TableErrors.missingPackage(
            table.toString(), table.format().word(), table.format().artifact(), e);
      }
      // Messages of tasks may quote a row.
      throw TableErrors.failed(
          table.toString(),
          e instanceof SparkException ? "a task failed" : String.valueOf(e.getMessage()),
          e);
    }
  }

  private static boolean isMissing(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ClassNotFoundException || t instanceof NoClassDefFoundError) {
        return true;
      }
    }
    return false;
  }
}
