import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes the tables of run.sh, and shows what Lethe wrote.
 *
 * <p>Usage: java MakeTables.java make LAKE CORPUS, or show LAKE
 */
final class MakeTables {
  private MakeTables() {}

  public static void main(String[] arguments) throws Exception {
    String lake = arguments[1];
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .config(
                "spark.sql.extensions",
                "io.delta.sql.DeltaSparkSessionExtension,"
                    + "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.lake.type", "hadoop")
            .config("spark.sql.catalog.lake.warehouse", lake + "/iceberg")
            .getOrCreate();
    if (arguments[0].equals("make")) {
      make(spark, lake, arguments[2]);
    } else {
      show(spark, lake);
    }
    spark.stop();
  }

  private static void make(SparkSession spark, String lake, String corpus) throws Exception {
    Dataset<Row> forget = spark.read().json(corpus + "/forget.jsonl");
    // A row of the first version is deleted: its file still holds it.
    forget
        .union(forget.limit(1).selectExpr(columns(forget, "'deleted' AS id")))
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .save(lake + "/forget");
    spark.sql("DELETE FROM delta.`" + lake + "/forget` WHERE id = 'deleted'");

    Dataset<Row> retain = spark.read().json(corpus + "/retain.jsonl");
    retain.writeTo("lake.corpus.retain").using("iceberg").create();
    // A row that was added and removed again: three snapshots.
    retain
        .limit(1)
        .selectExpr(columns(retain, "'late' AS id"))
        .writeTo("lake.corpus.retain")
        .append();
    spark.sql("DELETE FROM lake.corpus.retain WHERE id = 'late'");

    long half = forget.count() / 2;
    List<Row> rows = forget.collectAsList();
    spark
        .createDataFrame(rows.subList(0, (int) half), forget.schema())
        .write()
        .format("delta")
        .save(lake + "/first");
    spark
        .createDataFrame(rows.subList((int) half, rows.size()), forget.schema())
        .writeTo("lake.privacy.second")
        .using("iceberg")
        .create();
    spark
        .sql(
            "SELECT 'dsr-2' AS id, array('iceberg:lake.privacy.second') AS forget, 'open' AS"
                + " status, '{\"forget.loss.at-least\": 0}' AS gates UNION ALL SELECT 'dsr-1',"
                + " array('delta:"
                + lake
                + "/first'), 'open', NULL UNION ALL"
                + " SELECT 'dsr-0', array('absent'), 'done', NULL")
        .writeTo("lake.privacy.requests")
        .using("iceberg")
        .create();
  }

  /** All columns of a table, with another id. */
  private static String[] columns(Dataset<Row> table, String id) {
    String[] columns = table.columns().clone();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = columns[i].equals("id") ? id : columns[i];
    }
    return columns;
  }

  /** One line for each run, request and evaluation in each table of figures: the number of rows. */
  private static void show(SparkSession spark, String lake) {
    for (String table : List.of("delta.`" + lake + "/figures`", "lake.evidence.figures")) {
      spark
          .sql(
              "SELECT run_id, request_id, evaluation, count(*) AS n, count(DISTINCT id) AS ids FROM"
                  + " "
                  + table
                  + " GROUP BY ALL ORDER BY run_id, request_id, evaluation")
          .collectAsList()
          .forEach(row -> System.out.println("FIGURES " + row.mkString(" ")));
    }
  }
}
