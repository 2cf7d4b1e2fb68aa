package org.lethe.cluster.reveal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups neighbouring items of an order into batches and assigns batches to workers. The last
 * digits of a result depend on which items share a batch. So batches are formed from all items
 * first, and any number of workers gives the same results.
 */
final class WorkerBatches {
  private WorkerBatches() {}

  /**
   * Returns the indices of a worker's items, batch by batch.
   *
   * @param by order that puts items of one batch side by side, such as by length
   */
  static <T> List<int[]> of(
      List<T> items, Comparator<T> by, int batchSize, int worker, int workers) {
    int[] order =
        IntStream.range(0, items.size())
            .boxed()
            .sorted(Comparator.<Integer, T>comparing(items::get, by).thenComparing(i -> i))
            .mapToInt(i -> i)
            .toArray();
    List<int[]> share = new ArrayList<>();
    int batches = (order.length + batchSize - 1) / batchSize;
    for (int b = worker; b < batches; b += workers) {
      share.add(
          java.util.Arrays.copyOfRange(
              order, b * batchSize, Math.min(order.length, (b + 1) * batchSize)));
    }
    return share;
  }
}
