package org.lethe.cluster.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.lethe.text.Example;

/**
 * Batches of one worker's shard: epoch after epoch, each in an order of its own. Batch i is a
 * function of (seed, worker, i) alone, so it does not matter who asks, how often and in what order.
 */
final class Sampler {
  private final List<Example> examples;
  private final int batchSize;
  private final long seed;

  private long shuffledEpoch = -1;
  private int[] order = new int[0];

  /**
   * A sampler of one set.
   *
   * @param set tells the orders of the forget and the retain set apart
   * @param batchSize a batch is never larger than the shard
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

  /** The batch with this number, counted from 0 over the whole training; empty for no examples. */
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
