package org.lethe.compute.heap;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lethe.compute.FlatVector;

/** Cuts vectors of one length into blocks of fixed size and visits them in parallel. */
final class VectorBlocks {
  /** Elements per block: five FLOAT blocks fit into a core's second-level cache. */
  static final int SIZE = 1 << 14;

  private static final ThreadLocal<Heap> HEAP = ThreadLocal.withInitial(Heap::new);

  private final HeapVector[] vectors;
  private final long length;

  VectorBlocks(List<FlatVector> given) {
    vectors = new HeapVector[given.size()];
    length = given.get(0).length();
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = own(given.get(i));
      if (vectors[i].length() != length) {
        throw new IllegalArgumentException(
            "Invalid vectors: " + vectors[i].length() + " elements beside " + length);
      }
    }
  }

  static HeapVector own(FlatVector vector) {
    if (vector instanceof HeapVector own) {
      return own;
    }
    throw new IllegalArgumentException("Invalid vector: " + vector + " is of another backend");
  }

  int count() {
    return Math.toIntExact((length + SIZE - 1) / SIZE);
  }

  /**
   * Visits every block. Copies the block of each vector into heap arrays of the visiting thread.
   */
  void forEach(Consumer<Block> visitor) {
    if (count() == 1) {
      visitor.accept(new Block(0));
    } else {
      IntStream.range(0, count()).parallel().forEach(i -> visitor.accept(new Block(i)));
    }
  }

  /** One block of every vector; valid only during the visit. */
  final class Block {
    private final int index;
    private final int blockLength;
    private final Heap heap = HEAP.get();

    private Block(int index) {
      this.index = index;
      this.blockLength = (int) Math.min(SIZE, length - from());
      heap.ensure(vectors.length);
      for (int i = 0; i < vectors.length; i++) {
        vectors[i].get(from(), heap.floats[i], 0, blockLength);
      }
    }

    int index() {
      return index;
    }

    long from() {
      return (long) index * SIZE;
    }

    int length() {
      return blockLength;
    }

    float[][] floats() {
      return heap.floats;
    }

    void writeBack(int i) {
      vectors[i].put(from(), heap.floats[i], 0, blockLength);
    }
  }

  private static final class Heap {
    private float[][] floats = new float[0][];

    void ensure(int vectors) {
      if (floats.length < vectors) {
        floats = new float[vectors][SIZE];
      }
    }
  }
}
