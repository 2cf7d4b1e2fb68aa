package org.lethe.corpus.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;

/**
 * A data source with the name and the options of Delta's. A version is a file of JSON Lines, and an
 * empty file in the folder of the log.
 */
public final class FakeTables
    implements RelationProvider, CreatableRelationProvider, DataSourceRegister {
  /** What was written, by location and condition of replacement. */
  public static final Map<String, List<Row>> WRITTEN = new ConcurrentHashMap<>();

  /** Adds a version of a table. */
  public static void write(Path table, int version, List<String> rows) {
    try {
      Files.createDirectories(table.resolve("_delta_log"));
      Files.createDirectories(table.resolve("v" + version));
      Files.write(table.resolve("v" + version + "/rows.json"), rows);
      Files.createFile(
          table.resolve("_delta_log/" + String.format(Locale.ROOT, "%020d.json", version)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String shortName() {
    return "delta";
  }

  @Override
  public BaseRelation createRelation(
      SQLContext sql, scala.collection.immutable.Map<String, String> options) {
    String folder = options.get("path").get() + "/v" + options.get("versionAsOf").get();
    return new Version(sql, sql.sparkSession().read().json(folder));
  }

  @Override
  public BaseRelation createRelation(
      SQLContext sql,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> options,
      Dataset<Row> rows) {
    WRITTEN.put(
        options.get("path").get() + " " + mode + " " + options.get("replaceWhere").get(),
        rows.collectAsList());
    return new Version(sql, rows);
  }

  private static final class Version extends BaseRelation implements TableScan {
    private final SQLContext sql;
    private final Dataset<Row> rows;

    Version(SQLContext sql, Dataset<Row> rows) {
      this.sql = sql;
      this.rows = rows;
    }

    @Override
    public SQLContext sqlContext() {
      return sql;
    }

    @Override
    public StructType schema() {
      return rows.schema();
    }

    @Override
    public RDD<Row> buildScan() {
      return rows.rdd();
    }
  }
}
