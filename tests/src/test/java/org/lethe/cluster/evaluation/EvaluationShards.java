package org.lethe.cluster.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.rows.Column;
import org.lethe.corpus.rows.Row;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowSchema;
import org.lethe.evaluation.EvaluationExample;

/** Writes shard files with the columns of data-schemas/shard-row.schema.json. */
final class EvaluationShards {
  private static final RowSchema SCHEMA =
      RowSchema.of(
          "shard_row",
          Column.string("id"),
          Column.string("task"),
          Column.string("prompt"),
          Column.string("completion"),
          Column.integers("tokens"),
          Column.integer("prompt_tokens"),
          Column.string("digest"));

  private EvaluationShards() {}

  /** Distributes the examples over several files and returns their URIs. */
  static List<String> write(List<EvaluationExample> examples, int files, Path folder, String name) {
    List<String> paths = new ArrayList<>();
    for (int f = 0; f < files; f++) {
      List<Row> rows = new ArrayList<>();
      for (int i = f; i < examples.size(); i += files) {
        EvaluationExample one = examples.get(i);
        rows.add(
            SCHEMA.row(
                one.id(),
                one.task(),
                one.prompt(),
                one.expected(),
                one.example().tokens(),
                one.example().promptTokens(),
                "0".repeat(64)));
      }
      Path path = folder.resolve(name + "-" + f + ".parquet");
      RowFiles.write(
          SCHEMA,
          rows.iterator(),
          new org.apache.hadoop.fs.Path(path.toUri()),
          new Configuration());
      paths.add(path.toUri().toString());
    }
    return paths;
  }
}
