package org.lethe.audit;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageManifest;

/**
 * Compares the rows of an evaluation with the shards: every evaluated row has the task and the
 * texts of a row there, and no row was left out.
 */
final class ShardedRows {
  private static final String LIMIT = "lethe.evaluate.limit";

  private final RunDirectory directory;
  private final ErasureRecord record;
  private final DeletedFiles deleted;
  private final Configuration hadoop;

  ShardedRows(
      RunDirectory directory, ErasureRecord record, DeletedFiles deleted, Configuration hadoop) {
    this.directory = directory;
    this.record = record;
    this.deleted = deleted;
    this.hadoop = hadoop;
  }

  /** What a row of an evaluation shares with its row in the shards. */
  static String identity(String task, String digest) {
    return task.isEmpty() ? digest : task + " " + digest;
  }

  /**
   * Fails at the first row that differs.
   *
   * @param when name of the evaluation
   * @param file of the evaluated rows, for messages
   * @param rows identity of each evaluated row, by {@code SET/ID}
   */
  void check(String when, String file, SortedMap<String, String> rows) {
    if (when.startsWith(Gate.UNSEEN)) {
      String set = Gate.UNSEEN + CorpusSet.FORGET.label();
      String folder = MeasuredShards.unseen(record);
      check(file, set, folder, CorpusSet.FORGET, rows);
      return;
    }
    SortedMap<String, String> folders = MeasuredShards.byPrefix(record);
    SortedMap<String, String> sets = new TreeMap<>();
    folders.forEach(
        (prefix, folder) -> {
          for (CorpusSet set : CorpusSet.values()) {
            String name = prefix + set.label();
            sets.put(name, folder);
            check(file, name, folder, set, rows);
          }
        });
    for (String row : rows.keySet()) {
      String set = row.substring(0, row.indexOf('/'));
      Difference.require(file, "set of row " + row, true, sets.containsKey(set));
    }
  }

  private void check(
      String file, String name, String folder, CorpusSet set, SortedMap<String, String> rows) {
    Set<String> written =
        Documents.read(
                directory.fileSystem(),
                directory.below(folder + "/" + StageManifest.FILE),
                StageManifest.class)
            .outputs()
            .keySet();
    Map<String, String> missing = new TreeMap<>(rows.subMap(name + "/", name + "0"));
    long evaluated = missing.size();
    long count = 0;
    for (String shard : written) {
      if (!shard.startsWith(set.label() + "/") || !shard.endsWith(".parquet")) {
        continue;
      }
      String shardFile = folder + "/" + shard;
      if (deleted.contains(shardFile)) {
        return;
      }
      long[] read = new long[1];
      ShardReader.forEachIdentity(
          directory.below(shardFile),
          hadoop,
          row -> {
            read[0]++;
            String identity = missing.remove(name + "/" + row.id());
            if (identity != null) {
              Difference.require(
                  file,
                  "task and texts of row " + name + "/" + row.id() + " (SHA-256)",
                  identity(row.task(), row.digest()),
                  identity);
            }
          });
      count += read[0];
    }
    if (!missing.isEmpty()) {
      String row = missing.keySet().iterator().next();
      Difference.require(file, "existence of row " + row + " in " + folder, true, false);
    }
    Difference.require(
        file,
        "number of rows of " + name,
        limit() == 0 ? count : Math.min(count, limit()),
        evaluated);
  }

  private long limit() {
    return Long.parseLong(record.configuration().getOrDefault(LIMIT, "0"));
  }
}
