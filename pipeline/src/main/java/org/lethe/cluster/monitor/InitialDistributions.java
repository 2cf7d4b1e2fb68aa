package org.lethe.cluster.monitor;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.lethe.cluster.DecoderSource;
import org.lethe.evaluation.monitor.RowReader;

/**
 * The initial model's distributions on sampled rows, kept in this process and never written: they
 * show what the model recites.
 */
final class InitialDistributions {
  /** Batches that this process keeps; more belong to an earlier training. */
  private static final int KEPT = 256;

  private static final ConcurrentHashMap<Key, RowReader.Initial> READ = new ConcurrentHashMap<>();

  private InitialDistributions() {}

  /** A batch of a sample under a model. */
  record Key(DecoderSource source, RowSample sample, int batch) {}

  /** Returns the distributions of a batch, computed once in this process. */
  static RowReader.Initial of(Key key, Supplier<RowReader.Initial> compute) {
    RowReader.Initial found = READ.get(key);
    if (found == null) {
      if (READ.size() >= KEPT) {
        READ.clear();
      }
      found = compute.get();
      READ.put(key, found);
    }
    return found;
  }
}
