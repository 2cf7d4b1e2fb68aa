package org.lethe.corpus.shard;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/** What executors keep until a run ends. */
final class Persisted implements AutoCloseable {
  private final List<JavaRDD<?>> data = new ArrayList<>();
  private final List<Broadcast<?>> broadcasts = new ArrayList<>();

  /** Keeps data in memory where there is room, otherwise on disk. */
  <T> JavaRDD<T> keep(JavaRDD<T> computed) {
    return keep(computed, StorageLevel.MEMORY_AND_DISK());
  }

  <T> JavaRDD<T> keep(JavaRDD<T> computed, StorageLevel level) {
    JavaRDD<T> kept = computed.persist(level);
    data.add(kept);
    return kept;
  }

  void keep(Broadcast<?> value) {
    broadcasts.add(value);
  }

  @Override
  public void close() {
    data.forEach(kept -> kept.unpersist(false));
    broadcasts.forEach(Broadcast::destroy);
  }
}
