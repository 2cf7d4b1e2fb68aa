package org.lethe.compute.cuda;

import org.lethe.compute.Heads;
import org.lethe.compute.Products;
import org.lethe.error.CudaErrors;

/** Launches the attention kernels. Chooses the tile size and the number of tiles. */
final class CudaAttention {
  /** Head sizes, rounded up, and the tiles for them, as in {@code attention.cu}. */
  private enum Tiles {
    UP_TO_64(64, 64, 1),
    UP_TO_128(128, 32, 1),
    UP_TO_256(256, 16, 2);

    /** Columns that keep neighbouring rows in different banks of shared memory. */
    private static final int PADDING = 4;

    private final int size;
    private final int rows;
    private final int split;

    /**
     * @param size largest head size
     * @param rows of a tile
     * @param split warps that share 16 rows
     */
    Tiles(int size, int rows, int split) {
      this.size = size;
      this.rows = rows;
      this.split = split;
    }

    static Tiles of(Heads heads) {
      for (Tiles tiles : values()) {
        if (heads.size() <= tiles.size) {
          return tiles;
        }
      }
      throw CudaErrors.headSize(heads.size(), UP_TO_256.size);
    }

    /**
     * A grid with two threads per row, times the split, and room for a number of tiles in shared
     * memory.
     */
    private Grid grid(int[] starts, int heads, int tiles) {
      int longest = 0;
      for (int i = 1; i < starts.length; i++) {
        longest = Math.max(longest, starts[i] - starts[i - 1]);
      }
      // The tiles of gradients also need two numbers per row.
      int bytes = Float.BYTES * rows * (tiles * (size + PADDING) + 2);
      return new Grid(
          Grid.divided(longest, rows), heads, starts.length - 1, 2 * rows * split, bytes);
    }

    /** Scores are not rounded below TF32, which the tensor cores read anyway. */
    private String kernel(String name, Products products) {
      return name + (products == Products.FLOAT ? "_float_" : "_tf32_") + size;
    }
  }

  private static final int HEADS_OF_BLOCK = 8;

  private final CudaSession session;
  private final Products products;

  CudaAttention(CudaSession session, Products products) {
    this.session = session;
    this.products = products;
  }

  /** Rejects attention without a kernel. */
  static void require(Heads heads) {
    Tiles.of(heads);
  }

  /** As {@link org.lethe.compute.Compute#attend}. */
  void attend(Heads heads, int[] starts, CudaMatrix qkv, CudaMatrix logSums, CudaMatrix out) {
    Tiles tiles = Tiles.of(heads);
    session.launch(
        tiles.kernel("attend", products),
        tiles.grid(starts, heads.query(), 3),
        heads,
        starts,
        qkv,
        logSums,
        out);
  }

  /** As {@link org.lethe.compute.Compute#attendBackward}. */
  void backward(
      Heads heads,
      int[] starts,
      CudaMatrix dOut,
      CudaMatrix qkv,
      CudaMatrix logSums,
      CudaMatrix out,
      CudaMatrix dQkv) {
    Tiles tiles = Tiles.of(heads);
    try (CudaMatrix overlaps = session.matrix(out.rows(), heads.query())) {
      session.launch(
          "attention_overlaps",
          Grid.blocks(out.rows(), Grid.divided(heads.query(), HEADS_OF_BLOCK), 1),
          heads,
          dOut,
          out,
          overlaps);
      Object[] arguments = {heads, starts, dOut, qkv, logSums, overlaps, dQkv};
      session.launch(
          tiles.kernel("attend_queries", products),
          tiles.grid(starts, heads.query(), 4),
          arguments);
      session.launch(
          tiles.kernel("attend_keys", products),
          tiles.grid(starts, heads.keyValue(), 4),
          arguments);
    }
  }

  /** As {@link org.lethe.compute.Compute#attendCached}. */
  void cached(
      Heads heads,
      CudaMatrix qkv,
      CudaMatrix cache,
      int capacity,
      int[] slots,
      int[] lengths,
      CudaMatrix out) {
    session.launch(
        "attend_cached_" + Tiles.of(heads).size,
        Grid.blocks(slots.length, heads.query(), 1),
        heads,
        qkv,
        cache,
        capacity,
        slots,
        lengths,
        out);
  }
}
