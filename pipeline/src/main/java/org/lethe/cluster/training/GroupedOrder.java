package org.lethe.cluster.training;

import java.util.Arrays;

/**
 * Groups of examples in an order of their own for every epoch, and the examples of each group in an
 * order of their own. So batches read one group after another. Rows of a shard are in a random
 * order already, so a batch from one group is as mixed as one from the whole shard.
 */
final class GroupedOrder implements BatchOrder {
  private final long seed;
  private final int[] sizes;
  private final int[] starts;

  private long epoch = -1;

  /** Groups in the order of the epoch, and the number of examples before each of them. */
  private int[] groups = new int[0];

  private int[] before = new int[0];

  private long shuffledSeed;
  private int[] shuffled = new int[0];

  GroupedOrder(long seed, int[] sizes) {
    this.seed = seed;
    this.sizes = sizes.clone();
    this.starts = new int[sizes.length];
    for (int i = 1; i < sizes.length; i++) {
      starts[i] = starts[i - 1] + sizes[i - 1];
    }
  }

  @Override
  public int at(long wantedEpoch, int position) {
    begin(wantedEpoch);
    int slot = Arrays.binarySearch(before, position);
    slot = slot >= 0 ? slot : -slot - 2;
    int group = groups[slot];
    long groupSeed = BatchOrder.mixed(BatchOrder.mixed(seed, epoch), group + 1);
    if (shuffled.length != sizes[group] || groupSeed != shuffledSeed) {
      shuffled = BatchOrder.permutation(groupSeed, sizes[group]);
      shuffledSeed = groupSeed;
    }
    return starts[group] + shuffled[position - before[slot]];
  }

  private void begin(long wanted) {
    if (wanted == epoch) {
      return;
    }
    epoch = wanted;
    groups = BatchOrder.permutation(BatchOrder.mixed(seed, epoch), sizes.length);
    before = new int[groups.length];
    for (int i = 1; i < groups.length; i++) {
      before[i] = before[i - 1] + sizes[groups[i - 1]];
    }
  }
}
