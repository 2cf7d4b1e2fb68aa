package org.lethe.cluster.training;

/** All examples of a shard in an order of its own for every epoch. */
final class ShuffledOrder implements BatchOrder {
  private final long seed;
  private final int size;

  private long shuffledEpoch = -1;
  private int[] order = new int[0];

  ShuffledOrder(long seed, int size) {
    this.seed = seed;
    this.size = size;
  }

  @Override
  public int at(long epoch, int position) {
    if (epoch != shuffledEpoch) {
      order = BatchOrder.permutation(BatchOrder.mixed(seed, epoch), size);
      shuffledEpoch = epoch;
    }
    return order[position];
  }
}
