package org.lethe.corpus.table;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What differs between table formats. */
interface TableAccess {
  /** Returns the version that a reader sees now; empty if the table has none. */
  OptionalLong currentVersion(SparkSession session, TableName table);

  /** Returns the rows of a version. */
  Dataset<Row> rows(SparkSession session, TableName pinned);

  /**
   * Replaces the rows of one run and request; creates the table if it does not exist.
   *
   * @param rows with the columns run_id and request_id, of one value each
   */
  void replace(Dataset<Row> rows, TableName table, String runId, String requestId) throws Exception;

  String remains(TableName table);
}
