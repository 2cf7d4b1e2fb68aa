package org.lethe.cluster.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.evaluation.EvaluationExample;

/** Writes shard files of evaluation examples. */
final class EvaluationShards {
  private EvaluationShards() {}

  /** Distributes the examples over several files and returns their URIs. */
  static List<String> write(List<EvaluationExample> examples, int files, Path folder, String name) {
    List<String> paths = new ArrayList<>();
    for (int f = 0; f < files; f++) {
      List<ShardRow> rows = new ArrayList<>();
      for (int i = f; i < examples.size(); i += files) {
        EvaluationExample one = examples.get(i);
        rows.add(
            new ShardRow(
                one.id(),
                one.task(),
                one.prompt(),
                one.expected(),
                one.example().tokens(),
                one.example().promptTokens(),
                "0".repeat(64)));
      }
      Path path = folder.resolve(name + "-" + f + ".parquet");
      ShardReader.write(rows, new org.apache.hadoop.fs.Path(path.toUri()), new Configuration());
      paths.add(path.toUri().toString());
    }
    return paths;
  }
}
