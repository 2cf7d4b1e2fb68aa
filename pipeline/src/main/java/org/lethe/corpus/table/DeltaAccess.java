package org.lethe.corpus.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.lethe.error.CorpusErrors;
import org.lethe.store.FileSystems;

/** Delta tables by path. The names in the table's log give its version. */
final class DeltaAccess implements TableAccess {
  private static final Pattern COMMIT = Pattern.compile("([0-9]{20})[.](json|checkpoint[.].*)");

  @Override
  public OptionalLong currentVersion(SparkSession session, TableName table) {
    Path log = new Path(new Path(table.location()), "_delta_log");
    try {
      FileStatus[] files =
          FileSystems.of(log, session.sparkContext().hadoopConfiguration()).listStatus(log);
      return Arrays.stream(files)
          .map(file -> COMMIT.matcher(file.getPath().getName()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max();
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw CorpusErrors.cannotRead(log.toString(), e);
    }
  }

  @Override
  public Dataset<Row> rows(SparkSession session, TableName pinned) {
    return session
        .read()
        .format("delta")
        .option("versionAsOf", pinned.version().getAsLong())
        .load(pinned.location());
  }

  @Override
  public void replace(Dataset<Row> rows, TableName table, String runId, String requestId) {
    rows.write()
        .format("delta")
        .mode(SaveMode.Overwrite)
        .partitionBy("run_id")
        .option(
            "replaceWhere", "run_id = " + quoted(runId) + " AND request_id = " + quoted(requestId))
        .save(table.location());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public String remains(TableName table) {
    String name = "delta.`" + table.location() + "`";
    return "delete the rows from the table; then REORG TABLE "
        + name
        + " APPLY (PURGE) if it has deletion vectors, and VACUUM "
        + name
        + " once delta.deletedFileRetentionDuration has passed: until then version "
        + version(table)
        + " and the versions before it hold the rows";
  }

  private static String version(TableName table) {
    return table.version().isPresent() ? String.valueOf(table.version().getAsLong()) : "read";
  }
}
