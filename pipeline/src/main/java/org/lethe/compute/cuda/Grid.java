package org.lethe.compute.cuda;

/**
 * Size of a kernel launch.
 *
 * @param x blocks in the first direction
 * @param y blocks in the second
 * @param z blocks in the third
 * @param threads per block, a multiple of 32
 * @param sharedBytes dynamic shared memory of each block, in addition to what the kernel declares
 */
record Grid(int x, int y, int z, int threads, int sharedBytes) {
  private static final int WARP = 32;
  private static final int MOST_THREADS = 256;

  /** One block for each row, with a thread for each column up to 256. */
  static Grid rows(int rows, int columns) {
    int threads = Math.min(MOST_THREADS, divided(columns, WARP) * WARP);
    return new Grid(rows, 1, 1, threads, 0);
  }

  /** One thread for each element. */
  static Grid elements(int count) {
    return new Grid(divided(count, MOST_THREADS), 1, 1, MOST_THREADS, 0);
  }

  /** Blocks of 256 threads. */
  static Grid blocks(int x, int y, int z) {
    return new Grid(x, y, z, MOST_THREADS, 0);
  }

  /** count / size, rounded up. */
  static int divided(int count, int size) {
    return (count + size - 1) / size;
  }

  boolean isEmpty() {
    return x == 0 || y == 0 || z == 0 || threads == 0;
  }
}
