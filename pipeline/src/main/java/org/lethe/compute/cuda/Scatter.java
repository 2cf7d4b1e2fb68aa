package org.lethe.compute.cuda;

import java.util.Arrays;

/**
 * Which rows go to which row of a table, so that one block adds all rows of an id in their order.
 *
 * @param ids each id once, rising
 * @param starts where the rows of each id begin in order, and their number at the end
 * @param order rows, grouped by id
 */
@SuppressWarnings("ArrayRecordComponent") // Handed to a kernel, never compared.
record Scatter(int[] ids, int[] starts, int[] order) {
  static Scatter of(int[] rowIds) {
    // Rows of one id stay in their order: id in the upper half, row in the lower.
    long[] sorted = new long[rowIds.length];
    for (int row = 0; row < rowIds.length; row++) {
      sorted[row] = ((long) rowIds[row] << 32) | row;
    }
    Arrays.sort(sorted);
    int[] order = new int[sorted.length];
    int[] ids = new int[sorted.length];
    int[] starts = new int[sorted.length + 1];
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      int id = (int) (sorted[i] >> 32);
      order[i] = (int) sorted[i];
      if (i == 0 || id != ids[count - 1]) {
        ids[count] = id;
        starts[count] = i;
        count++;
      }
    }
    starts[count] = sorted.length;
    return new Scatter(Arrays.copyOf(ids, count), Arrays.copyOf(starts, count + 1), order);
  }
}
