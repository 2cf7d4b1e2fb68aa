package org.lethe.cluster.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.lethe.text.Example;

/**
 * Batches of one worker's shard. Every epoch has its own order. Batch i depends only on (seed,
 * worker, i), so callers may request batches in any order, any number of times.
 */
final class Sampler {
  private final List<Example> examples;
  private final int batchSize;
  private final long seed;

  private long shuffledEpoch = -1;
  private int[] order = new int[0];

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
    this.seed = mixed(mixed(seed, crc.getValue()), worker);
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
      shuffle(position / examples.size());
      batch.add(examples.get(order[(int) (position % examples.size())]));
    }
    return batch;
  }

  private void shuffle(long epoch) {
    if (epoch == shuffledEpoch) {
      return;
    }
    SplittableRandom random = new SplittableRandom(mixed(seed, epoch));
    order = new int[examples.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    shuffledEpoch = epoch;
  }

  private static long mixed(long seed, long value) {
    return new SplittableRandom(seed ^ (value * 0x9E3779B97F4A7C15L)).nextLong();
  }
}
