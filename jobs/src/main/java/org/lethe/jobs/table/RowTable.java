package org.lethe.jobs.table;

import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.lethe.corpus.table.FigureRows;
import org.lethe.corpus.table.TableName;
import org.lethe.jobs.config.ConfigurationReader;

/** Writes the figures of evaluated rows to the table of lethe.tables.rows. */
public final class RowTable {
  private RowTable() {}

  /**
   * Replaces the rows of this run and request, so that a repeated command leaves the same rows.
   *
   * @param evaluations files of evaluated rows, by the name of the evaluation
   */
  public static void write(
      ConfigurationReader reader,
      SparkSession session,
      String runId,
      String requestId,
      SortedMap<String, Path> evaluations) {
    for (TableName table : TableKeys.read(reader).rows().stream().toList()) {
      new FigureRows(session, runId, requestId).write(evaluations, table);
    }
  }
}
