package org.lethe.cluster.training;

import java.util.SplittableRandom;

/** The order of a shard's examples in each epoch. */
interface BatchOrder {
  /** Returns the index of the example at a position of an epoch. */
  int at(long epoch, int position);

  /** Returns a number that depends on both arguments. */
  static long mixed(long seed, long value) {
    return new SplittableRandom(seed ^ (value * 0x9E3779B97F4A7C15L)).nextLong();
  }

  /** Returns a permutation of the numbers below the size. */
  static int[] permutation(long seed, int size) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
