package org.lethe.corpus.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.input.FieldNames;
import org.lethe.error.CorpusErrors;
import org.lethe.run.Documents;
import org.lethe.spark.SparkJob;

/**
 * Copies a table at one version into row files, which all stages of a run read. The copy has the
 * columns of a corpus only, and its rows are sorted, so the same version gives the same shards
 * wherever it is read.
 */
public final class TableImport {
  private final SparkSession session;
  private final FieldNames names;
  private final List<String> filtered;

  /**
   * @param filtered further columns, which the row filter reads
   */
  public TableImport(SparkSession session, FieldNames names, Iterable<String> filtered) {
    this.session = session;
    this.names = names;
    List<String> all = new ArrayList<>();
    filtered.forEach(all::add);
    this.filtered = List.copyOf(all);
  }

  /** Copies a table into a folder whose document is written last; returns that document. */
  public ImportedTable run(TableName table, FileSystem files, Path folder) {
    Tables tables = new Tables(session);
    TableName pinned = tables.pinned(table);
    Dataset<Row> rows = tables.rows(pinned);
    List<String> columns = columns(rows.schema(), pinned);
    Documents.delete(files, folder);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    Column[] texts =
        columns.stream()
            .map(name -> functions.col("`" + name + "`").cast("string").as(name))
            .toArray(Column[]::new);
    Column[] order = columns.stream().map(n -> functions.col("`" + n + "`")).toArray(Column[]::new);
    List<TablePart> parts =
        SparkJob.run(
            spark,
            "copying " + pinned,
            () ->
                rows.select(texts)
                    .sort(order)
                    .toJavaRDD()
                    .mapPartitionsWithIndex(
                        new TablePartTask(folder.toString(), columns, hadoop), false)
                    .collect());
    SortedMap<String, String> digests = new TreeMap<>();
    parts.forEach(part -> digests.put(part.file(), part.sha256()));
    ImportedTable imported =
        new ImportedTable(
            ImportedTable.FORMAT,
            pinned.toString(),
            parts.stream().mapToLong(TablePart::rows).sum(),
            digests);
    imported.write(files, folder);
    return imported;
  }

  private List<String> columns(StructType schema, TableName table) {
    List<String> present = Arrays.asList(schema.fieldNames());
    for (String name : List.of(names.prompt(), names.completion())) {
      if (!present.contains(name)) {
        throw CorpusErrors.noSuchField(name, table.toString(), present);
      }
      if (!(type(schema, name) instanceof StringType)) {
        throw CorpusErrors.wrongColumnType(
            name, table.toString(), type(schema, name).simpleString());
      }
    }
    List<String> wanted =
        new ArrayList<>(List.of(names.id(), names.prompt(), names.completion(), names.task()));
    wanted.addAll(filtered);
    List<String> columns = wanted.stream().distinct().filter(present::contains).toList();
    for (String name : columns) {
      DataType type = type(schema, name);
      if (type instanceof ArrayType
          || type instanceof MapType
          || type instanceof StructType
          || type instanceof BinaryType) {
        throw CorpusErrors.wrongColumnType(name, table.toString(), type.simpleString());
      }
    }
    return columns;
  }

  private static DataType type(StructType schema, String name) {
    StructField field = schema.fields()[schema.fieldIndex(name)];
    return field.dataType();
  }
}
