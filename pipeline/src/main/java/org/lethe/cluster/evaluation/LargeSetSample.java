package org.lethe.cluster.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.corpus.rows.RowFiles;
import org.lethe.corpus.rows.RowFiles.RowGroup;
import org.lethe.evaluation.EvaluationSettings;
import org.lethe.reveal.SeededRandom;

/**
 * The rows of one set that an evaluation considers: all of them, or of a large set with a row limit
 * as many as the limit, by the smallest hashes of seed and id. So memory does not depend on the
 * size of the set.
 */
final class LargeSetSample {
  /** Sets up to this number of rows are read whole. */
  static final long WHOLE_ROWS = 1 << 16;

  private record Drawn(long hash, ShardRow row) {
    static final Comparator<Drawn> BY_HASH =
        Comparator.comparingLong(Drawn::hash).thenComparing(drawn -> drawn.row().id());
  }

  private final List<Path> files;
  private final EvaluationSettings settings;
  private final Configuration hadoop;
  private final long wholeRows;

  LargeSetSample(List<String> files, EvaluationSettings settings, Configuration hadoop) {
    this(files, settings, hadoop, WHOLE_ROWS);
  }

  /**
   * @param wholeRows number of rows up to which a set is read whole
   */
  LargeSetSample(
      List<String> files, EvaluationSettings settings, Configuration hadoop, long wholeRows) {
    this.files = files.stream().map(Path::new).toList();
    this.settings = settings;
    this.hadoop = hadoop;
    this.wholeRows = wholeRows;
  }

  List<ShardRow> rows() {
    long total =
        files.stream()
            .flatMap(file -> RowFiles.groups(file, hadoop).stream())
            .mapToLong(RowGroup::rows)
            .sum();
    if (total <= wholeRows || total <= settings.rowLimit()) {
      List<ShardRow> all = new ArrayList<>();
      files.forEach(file -> all.addAll(ShardReader.read(file, hadoop)));
      return all;
    }
    PriorityQueue<Drawn> drawn = new PriorityQueue<>(Drawn.BY_HASH.reversed());
    for (Path file : files) {
      ShardReader.forEach(file, hadoop, row -> add(drawn, row));
    }
    return drawn.stream().sorted(Drawn.BY_HASH).map(Drawn::row).toList();
  }

  private void add(PriorityQueue<Drawn> drawn, ShardRow row) {
    drawn.add(new Drawn(SeededRandom.mix(settings.seed(), row.id()), row));
    if (drawn.size() > settings.rowLimit()) {
      drawn.remove();
    }
  }
}
