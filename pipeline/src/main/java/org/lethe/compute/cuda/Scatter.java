package org.lethe.compute.cuda;

import java.util.Arrays;

/**
 * Rows grouped by their target row in a table, so that one block adds all rows of an id in order.
 *
 * @param ids distinct ids, ascending
 * @param starts start of each id's rows in {@code order}, and the number of rows at the end
 * @param order rows, grouped by id
 */
@SuppressWarnings("ArrayRecordComponent") // Handed to a kernel, never compared.
record Scatter(int[] ids, int[] starts, int[] order) {
  static Scatter of(int[] rowIds) {
    // The id is in the upper half and the row in the lower, so rows of one id keep their order.
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
