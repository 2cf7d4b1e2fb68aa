package org.lethe.corpus.table;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Iceberg tables of a catalog. The branch main gives the snapshot. */
final class IcebergAccess implements TableAccess {
  @Override
  public OptionalLong currentVersion(SparkSession session, TableName table) {
    return session
        .read()
        .format("iceberg")
        .load(table.location() + ".refs")
        .select("name", "snapshot_id")
        .collectAsList()
        .stream()
        .filter(row -> row.getString(0).equals("main"))
        .mapToLong(row -> row.getLong(1))
        .findFirst();
  }

  @Override
  public Dataset<Row> rows(SparkSession session, TableName pinned) {
    return session
        .read()
        .format("iceberg")
        .option("versionAsOf", pinned.version().getAsLong())
        .load(pinned.location());
  }

  @Override
  public void replace(Dataset<Row> rows, TableName table, String runId, String requestId)
      throws Exception {
    // Only whole files can be replaced, so each request has files of its own.
    rows.sparkSession()
        .sql(
            "CREATE TABLE IF NOT EXISTS `"
                + table.location().replace(".", "`.`")
                + "` ("
                + rows.schema().toDDL()
                + ") USING iceberg PARTITIONED BY (run_id, request_id)");
    rows.writeTo(table.location())
        .overwrite(
            functions
                .col("run_id")
                .equalTo(runId)
                .and(functions.col("request_id").equalTo(requestId)));
  }

  @Override
  public String remains(TableName table) {
    int dot = table.location().indexOf('.');
    String catalog = table.location().substring(0, dot);
    String name = "table => '" + table.location().substring(dot + 1) + "'";
    return "delete the rows from the table; then CALL "
        + catalog
        + ".system.rewrite_data_files("
        + name
        + ") if it has delete files, CALL "
        + catalog
        + ".system.expire_snapshots("
        + name
        + ", older_than => TIMESTAMP '...') and CALL "
        + catalog
        + ".system.remove_orphan_files("
        + name
        + "): until then snapshot "
        + (table.version().isPresent() ? String.valueOf(table.version().getAsLong()) : "read")
        + " and those before it hold the rows";
  }
}
