package org.lethe.cluster.monitor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.ShardReader;
import org.lethe.corpus.input.ShardRow;
import org.lethe.error.EvaluationErrors;
import org.lethe.evaluation.monitor.MonitorSet;
import org.lethe.evaluation.monitor.MonitoredRow;
import org.lethe.reveal.SeededRandom;
import org.lethe.text.Example;

/**
 * The sampled rows of each set: those with the smallest hashes of seed and id, so a larger sample
 * holds the rows of a smaller one. Every process draws the same rows and keeps them.
 *
 * @param files shard files of all sets
 * @param rows most rows of each set
 * @param seed seed of the hashes
 */
record RowSample(MonitorFiles files, int rows, long seed) implements Serializable {
  /** Rows in one forward pass. */
  static final int BATCH = 16;

  /** Most rows on which the divergence is read, since their distributions stay in memory. */
  static final int DIVERGENCE_ROWS = 64;

  /** Samples that this process keeps; more belong to an earlier training. */
  private static final int KEPT = 4;

  private static final ConcurrentHashMap<RowSample, List<List<MonitoredRow>>> DRAWN =
      new ConcurrentHashMap<>();

  private record Drawn(long hash, Example example) {
    static final Comparator<Drawn> BY_HASH =
        Comparator.comparingLong(Drawn::hash).thenComparing(drawn -> drawn.example().id());
  }

  /**
   * Returns the batches of the sample, longest rows first.
   *
   * @throws org.lethe.error.LetheException INPUT if a set has no rows
   */
  List<List<MonitoredRow>> batches(Configuration hadoop) {
    if (DRAWN.size() >= KEPT && !DRAWN.containsKey(this)) {
      DRAWN.clear();
    }
    return DRAWN.computeIfAbsent(this, sample -> sample.draw(hadoop));
  }

  private List<List<MonitoredRow>> draw(Configuration hadoop) {
    List<MonitoredRow> all = new ArrayList<>();
    MonitorSet diverging =
        files.sets().containsKey(MonitorSet.NEUTRAL) ? MonitorSet.NEUTRAL : MonitorSet.RETAIN;
    files
        .sets()
        .forEach(
            (set, paths) -> {
              List<Example> examples = draw(paths, hadoop);
              for (int i = 0; i < examples.size(); i++) {
                boolean diverges = set == diverging && i < DIVERGENCE_ROWS;
                all.add(new MonitoredRow(set, i, examples.get(i), diverges));
              }
            });
    all.sort(
        Comparator.<MonitoredRow>comparingInt(row -> -row.example().tokens().length)
            .thenComparing(MonitoredRow::set)
            .thenComparingInt(MonitoredRow::index));
    List<List<MonitoredRow>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      batches.add(List.copyOf(all.subList(from, Math.min(all.size(), from + BATCH))));
    }
    return batches;
  }

  private List<Example> draw(List<String> paths, Configuration hadoop) {
    PriorityQueue<Drawn> drawn = new PriorityQueue<>(Drawn.BY_HASH.reversed());
    for (String path : paths) {
      ShardReader.forEach(new Path(path), hadoop, row -> add(drawn, row));
    }
    if (drawn.isEmpty()) {
      throw EvaluationErrors.noRows(paths.toString());
    }
    return drawn.stream().map(Drawn::example).sorted(Comparator.comparing(Example::id)).toList();
  }

  private void add(PriorityQueue<Drawn> drawn, ShardRow row) {
    Example example = row.toExample();
    if (example.completionTokens() < 2) {
      return; // The end token alone is no answer.
    }
    drawn.add(new Drawn(SeededRandom.mix(seed, row.id()), example));
    if (drawn.size() > rows) {
      drawn.remove();
    }
  }
}
