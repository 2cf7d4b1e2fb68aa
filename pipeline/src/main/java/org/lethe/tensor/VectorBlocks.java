package org.lethe.tensor;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Cuts vectors of one length and type into blocks of fixed size and visits them in parallel. */
final class VectorBlocks {
  /** Elements of a block: five FLOAT vectors of it stay within a core's second-level cache. */
  static final int SIZE = 1 << 14;

  private static final ThreadLocal<Heap> HEAP = ThreadLocal.withInitial(Heap::new);

  private final Pointer[] pointers;
  private final boolean isFloat;
  private final long length;

  VectorBlocks(List<INDArray> vectors) {
    INDArray first = vectors.get(0);
    pointers = new Pointer[vectors.size()];
    isFloat = first.dataType() == DataType.FLOAT;
    length = first.length();
    for (int i = 0; i < pointers.length; i++) {
      INDArray vector = vectors.get(i);
      if (vector.length() != length || vector.dataType() != first.dataType()) {
        throw new IllegalArgumentException(
            "Invalid vectors: %d elements of %s beside %d of %s"
                .formatted(vector.length(), vector.dataType(), length, first.dataType()));
      }
      pointers[i] = pointer(vector);
    }
  }

  /** A pointer to the first element of a vector that lies in memory without gaps. */
  static Pointer pointer(INDArray vector) {
    if (vector.length() > 1 && vector.elementWiseStride() != 1) {
      throw new IllegalArgumentException(
          "Invalid vector: stride " + vector.elementWiseStride() + ", expected 1");
    }
    // On a device backend the host's copy may be stale; on the CPU this does nothing.
    Nd4j.getAffinityManager().ensureLocation(vector, AffinityManager.Location.HOST);
    Pointer address = vector.data().addressPointer();
    return switch (vector.dataType()) {
      case FLOAT -> new FloatPointer(address);
      case DOUBLE -> new DoublePointer(address);
      default ->
          throw new IllegalArgumentException(
              "Invalid vector type: " + vector.dataType() + ", expected FLOAT or DOUBLE");
    };
  }

  /** Says that the host's copy of a vector is the newer one. */
  static void wroteHost(INDArray vector) {
    Nd4j.getAffinityManager().tagLocation(vector, AffinityManager.Location.HOST);
  }

  int count() {
    return Math.toIntExact((length + SIZE - 1) / SIZE);
  }

  /** Visits every block, its vectors copied into heap arrays of the visiting thread. */
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
      heap.ensure(pointers.length, isFloat);
      for (int i = 0; i < pointers.length; i++) {
        if (isFloat) {
          at(i, FloatPointer.class).get(heap.floats[i], 0, blockLength);
        } else {
          at(i, DoublePointer.class).get(heap.doubles[i], 0, blockLength);
        }
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

    boolean isFloat() {
      return isFloat;
    }

    float[][] floats() {
      return heap.floats;
    }

    double[][] doubles() {
      return heap.doubles;
    }

    void writeBack(int i) {
      if (isFloat) {
        at(i, FloatPointer.class).put(heap.floats[i], 0, blockLength);
      } else {
        at(i, DoublePointer.class).put(heap.doubles[i], 0, blockLength);
      }
    }

    /** A pointer of this thread's own: positions are mutable. */
    private <P extends Pointer> P at(int i, Class<P> type) {
      return type.cast(pointers[i].getPointer(from()));
    }
  }

  private static final class Heap {
    private float[][] floats = new float[0][];
    private double[][] doubles = new double[0][];

    void ensure(int vectors, boolean isFloat) {
      if (isFloat && floats.length < vectors) {
        floats = new float[vectors][SIZE];
      } else if (!isFloat && doubles.length < vectors) {
        doubles = new double[vectors][SIZE];
      }
    }
  }
}
