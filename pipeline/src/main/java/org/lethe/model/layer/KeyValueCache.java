package org.lethe.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.lethe.compute.Backend;
import org.lethe.compute.Matrix;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.Block;

/** Rotated keys and values of past tokens: for each block [slots * capacity, 2 K S]. */
public final class KeyValueCache {
  private final int capacity;
  private final List<Matrix> blocks = new ArrayList<>();

  /**
   * @param slots number of sequences
   * @param capacity positions of each sequence
   */
  public KeyValueCache(Architecture architecture, Backend backend, int slots, int capacity) {
    this.capacity = capacity;
    for (Block block : architecture.blocks()) {
      int keyValueSize = block.attention().heads().keyValueSize();
      blocks.add(backend.matrix(slots * capacity, 2 * keyValueSize));
    }
  }

  public int capacity() {
    return capacity;
  }

  public Matrix block(int block) {
    return blocks.get(block);
  }

  public Matrix rows(int block, int slot, int position, int count) {
    return blocks.get(block).rows(slot * capacity + position, count);
  }

  public void close() {
    blocks.forEach(Matrix::close);
  }
}
