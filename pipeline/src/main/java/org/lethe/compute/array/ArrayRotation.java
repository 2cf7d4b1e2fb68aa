package org.lethe.compute.array;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.RotaryTables;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rotary embedding. Keeps the cosines and sines of a pass's positions for all layers. */
final class ArrayRotation {
  /** Cosines and sines of each row's position, [N, 1, S / 2]. */
  private record Angles(RotaryTables tables, int[] positions, INDArray cosines, INDArray sines) {
    boolean serve(RotaryTables otherTables, int[] otherPositions) {
      return tables == otherTables && Arrays.equals(positions, otherPositions);
    }

    void close() {
      cosines.close();
      sines.close();
    }
  }

  /** Tables in use at a time: models rotate by two bases at most. */
  private static final int KEPT = 2;

  private final Deque<Angles> kept = new ArrayDeque<>();

  /** Rotates the first columns of each head of x in place. */
  void rotate(ArrayMatrix x, int headSize, RotaryTables tables, int[] positions, Turn turn) {
    Angles angles = angles(tables, positions, x.type());
    int half = tables.half();
    INDArray heads = x.heads(headSize); // [N, heads, S]
    INDArray low = heads.get(all(), all(), interval(0, half));
    INDArray high = heads.get(all(), all(), interval(half, 2L * half));
    try (MemoryWorkspace temporaries = Temporaries.open()) {
      INDArray newLow = product(low, angles.cosines);
      INDArray newHigh = product(high, angles.cosines);
      if (turn == Turn.FORWARD) {
        newLow.subi(product(high, angles.sines));
        newHigh.addi(product(low, angles.sines));
      } else {
        newLow.addi(product(high, angles.sines));
        newHigh.subi(product(low, angles.sines));
      }
      low.assign(newLow);
      high.assign(newHigh);
    }
  }

  private static INDArray product(INDArray heads, INDArray angles) {
    return heads.mul(angles, Nd4j.createUninitialized(heads.dataType(), heads.shape()));
  }

  private Angles angles(RotaryTables tables, int[] positions, DataType type) {
    for (Angles angles : kept) {
      if (angles.serve(tables, positions)) {
        return angles;
      }
    }
    if (kept.size() == KEPT) {
      kept.removeFirst().close();
    }
    Angles angles =
        new Angles(
            tables,
            positions.clone(),
            rows(tables.cosines(), tables.half(), positions, type),
            rows(tables.sines(), tables.half(), positions, type));
    kept.addLast(angles);
    return angles;
  }

  private static INDArray rows(float[] table, int half, int[] positions, DataType type) {
    float[] rows = new float[positions.length * half];
    for (int row = 0; row < positions.length; row++) {
      System.arraycopy(table, positions[row] * half, rows, row * half, half);
    }
    INDArray array = Nd4j.createUninitializedDetached(type, positions.length, 1, half);
    HostCopies.write(rows, 0, array);
    return array;
  }
}
