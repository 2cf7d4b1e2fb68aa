package org.lethe.corpus.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.corpus.EvaluationRows;
import org.lethe.evaluation.EvaluationRow;
import scala.Tuple2;

/**
 * The figures of evaluated rows as rows of a table, one for each row and metric, so that new
 * metrics need no new columns. Holds ids and numbers and no text: a table has its own retention.
 */
public final class FigureRows {
  static final StructType SCHEMA =
      new StructType()
          .add("run_id", DataTypes.StringType)
          .add("request_id", DataTypes.StringType)
          .add("evaluation", DataTypes.StringType)
          .add("set", DataTypes.StringType)
          .add("id", DataTypes.StringType)
          .add("task", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("value", DataTypes.DoubleType);

  private final SparkSession session;
  private final String runId;
  private final String requestId;

  public FigureRows(SparkSession session, String runId, String requestId) {
    this.session = session;
    this.runId = runId;
    this.requestId = requestId;
  }

  /**
   * Replaces the figures of this run and request in a table.
   *
   * @param evaluations files of evaluated rows, by the name of the evaluation
   */
  public void write(SortedMap<String, Path> evaluations, TableName table) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    List<Tuple2<String, String>> files = new ArrayList<>();
    for (Map.Entry<String, Path> one : evaluations.entrySet()) {
      files.add(new Tuple2<>(one.getKey(), one.getValue().toString()));
    }
    JavaRDD<Row> rows =
        spark
            .parallelize(files, Math.max(1, files.size()))
            .flatMap(new Reading(runId, requestId, hadoop));
    new Tables(session).replace(table, session.createDataFrame(rows, SCHEMA), runId, requestId);
  }

  private static final class Reading implements FlatMapFunction<Tuple2<String, String>, Row> {
    private static final long serialVersionUID = 1;

    private final String runId;
    private final String requestId;
    private final Broadcast<SerializableConfiguration> configuration;

    Reading(String runId, String requestId, Broadcast<SerializableConfiguration> configuration) {
      this.runId = runId;
      this.requestId = requestId;
      this.configuration = configuration;
    }

    @Override
    public Iterator<Row> call(Tuple2<String, String> evaluation) {
      List<Row> rows = new ArrayList<>();
      EvaluationRows.forEach(
          new Path(evaluation._2()),
          configuration.value().value(),
          row -> add(rows, evaluation._1(), row));
      return rows.iterator();
    }

    private void add(List<Row> rows, String evaluation, EvaluationRow row) {
      row.metrics()
          .forEach(
              (metric, value) ->
                  rows.add(
                      RowFactory.create(
                          runId,
                          requestId,
                          evaluation,
                          row.set(),
                          row.id(),
                          row.task(),
                          metric.key(),
                          value)));
    }
  }
}
