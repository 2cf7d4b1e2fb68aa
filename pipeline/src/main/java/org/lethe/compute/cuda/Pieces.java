package org.lethe.compute.cuda;

import java.util.Arrays;

/**
 * Cuts a sum over parts of a vector into pieces. Each piece lies in one part and is short enough
 * for one block of threads.
 *
 * @param bounds start of each piece, and the vector's length at the end
 * @param parts index of each piece's part
 */
@SuppressWarnings("ArrayRecordComponent") // Handed to a kernel, never compared.
record Pieces(long[] bounds, int[] parts) {
  private static final long LONGEST = 1 << 16;

  /**
   * Cuts a vector.
   *
   * @param ends end of each part, ascending
   */
  static Pieces of(long... ends) {
    long[] bounds = new long[16];
    int[] parts = new int[16];
    int count = 0;
    long at = 0;
    for (int part = 0; part < ends.length; part++) {
      while (at < ends[part]) {
        if (count + 1 == bounds.length) {
          bounds = Arrays.copyOf(bounds, 2 * bounds.length);
          parts = Arrays.copyOf(parts, 2 * parts.length);
        }
        bounds[count] = at;
        parts[count] = part;
        count++;
        at = Math.min(ends[part], at + LONGEST);
      }
    }
    bounds[count] = at;
    return new Pieces(Arrays.copyOf(bounds, count + 1), Arrays.copyOf(parts, count));
  }

  int count() {
    return parts.length;
  }
}
