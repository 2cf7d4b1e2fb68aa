package org.lethe.cluster.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.error.RunErrors;
import org.lethe.store.FileSystems;
import org.lethe.text.Example;

/** Caches immutable files in this JVM by path, length and modification time. */
final class ShardCache {
  /**
   * Maximum number of files. A worker reads the same few files in every round, so more belong to an
   * earlier training.
   */
  private static final int ENTRIES = 256;

  /** Most rows of a worker that are kept in memory. */
  private static final int RESIDENT_ROWS = 1 << 16;

  private static final ConcurrentHashMap<Key, Object> READ = new ConcurrentHashMap<>();

  private ShardCache() {}

  private record Key(String kind, String path, long length, long changed) {}

  /**
   * Returns the examples of some shard files, in order. Streams files with many rows; their batches
   * have another order than those of files in memory.
   */
  static List<Example> examples(List<String> files, Configuration hadoop) {
    StreamedExamples streamed = streamed(files, hadoop);
    return streamed.size() > RESIDENT_ROWS ? streamed : resident(files, hadoop);
  }

  /** Returns the same list in every round, which keeps the group that the last batch was in. */
  private static StreamedExamples streamed(List<String> files, Configuration hadoop) {
    if (files.isEmpty()) {
      return new StreamedExamples(files, hadoop);
    }
    return read(
        "streamed " + files,
        files.get(0),
        hadoop,
        path -> new StreamedExamples(files, hadoop),
        StreamedExamples.class);
  }

  private static List<Example> resident(List<String> files, Configuration hadoop) {
    List<Example> all = new ArrayList<>();
    for (String file : files) {
      Examples found = read("examples", file, hadoop, path -> load(path, hadoop), Examples.class);
      all.addAll(found.rows());
    }
    return all;
  }

  /** Returns a worker's forget examples paired with their alternatives. */
  static AnswerPairs pairs(WorkerShards shards, Configuration hadoop) {
    return new AnswerPairs(
        examples(shards.forget(), hadoop), examples(shards.alternatives(), hadoop));
  }

  private record Examples(List<Example> rows) {}

  private static Examples load(Path path, Configuration hadoop) {
    return new Examples(ShardReader.read(path, hadoop).stream().map(ShardRow::toExample).toList());
  }

  /** Returns the loader's result for a file, computed once. */
  static <T> T read(
      String kind, String file, Configuration hadoop, Function<Path, T> loader, Class<T> type) {
    Path path = new Path(file);
    try {
      FileStatus status = FileSystems.of(path, hadoop).getFileStatus(path);
      if (READ.size() >= ENTRIES) {
        READ.clear();
      }
      Key key = new Key(kind, file, status.getLen(), status.getModificationTime());
      return type.cast(READ.computeIfAbsent(key, k -> loader.apply(path)));
    } catch (IOException e) {
      throw RunErrors.io("reading", file, e);
    }
  }
}
