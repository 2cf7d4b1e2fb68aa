package org.lethe.cluster.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.lethe.text.Example;

/**
 * Batches of one worker's shard. Every epoch has its own order. Batch i depends only on (seed,
 * worker, i), so callers may request batches in any order, any number of times. A shard that is
 * streamed is fast only in order.
 */
final class Sampler {
  private final List<Example> examples;
  private final int batchSize;
  private final BatchOrder order;

  /**
   * Sampler of one set.
   *
   * @param set name of the set; forget and retain sets get different orders
   * @param batchSize examples of a batch; a batch never exceeds the shard
   */
  Sampler(List<Example> examples, String set, int batchSize, long seed, int worker) {
    this.examples = examples;
    this.batchSize = Math.min(batchSize, examples.size());
    CRC32 crc = new CRC32();
    crc.update(set.getBytes(StandardCharsets.UTF_8));
    long own = BatchOrder.mixed(BatchOrder.mixed(seed, crc.getValue()), worker);
    this.order =
        examples instanceof StreamedExamples streamed
            ? new GroupedOrder(own, streamed.groupSizes())
            : new ShuffledOrder(own, examples.size());
  }

  boolean isEmpty() {
    return examples.isEmpty();
  }

  /**
   * Returns a batch by its number, counted from 0 over the whole training. Empty if there are no
   * examples.
   */
  List<Example> batch(long number) {
    List<Example> batch = new ArrayList<>(batchSize);
    for (int i = 0; i < batchSize; i++) {
      long position = number * batchSize + i;
      int index = order.at(position / examples.size(), (int) (position % examples.size()));
      batch.add(examples.get(index));
    }
    return batch;
  }
}
