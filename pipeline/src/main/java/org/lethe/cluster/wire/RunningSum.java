package org.lethe.cluster.wire;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** Weighted sum of the versions of a chunk, added in double in the order of calls, rounded once. */
final class RunningSum {
  private static final int BLOCK = 1 << 11;

  private final DataType type;
  private final double[] sum = new double[Slices.CHUNK];
  private final float[] block = new float[BLOCK];
  private final double[] doubles = new double[BLOCK];
  private boolean empty = true;

  /**
   * Creates an empty sum.
   *
   * @param type FLOAT or DOUBLE
   */
  RunningSum(DataType type) {
    this.type = type;
  }

  /** Adds weight times a version. */
  void add(ByteBuffer version, double weight) {
    int elements = version.remaining() / type.width();
    for (int from = 0; from < elements; from += BLOCK) {
      int count = Math.min(BLOCK, elements - from);
      load(version, from, count);
      if (empty) {
        for (int i = 0; i < count; i++) {
          sum[from + i] = weight * doubles[i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          sum[from + i] += weight * doubles[i];
        }
      }
    }
    empty = false;
  }

  private void load(ByteBuffer version, int from, int count) {
    if (type == DataType.FLOAT) {
      version.asFloatBuffer().get(from, block, 0, count);
      for (int i = 0; i < count; i++) {
        doubles[i] = block[i];
      }
    } else {
      version.asDoubleBuffer().get(from, doubles, 0, count);
    }
  }

  /** Writes the sum over the whole buffer, and begins a new one. */
  void finish(ByteBuffer result) {
    int elements = result.remaining() / type.width();
    if (type == DataType.FLOAT) {
      for (int from = 0; from < elements; from += BLOCK) {
        int count = Math.min(BLOCK, elements - from);
        for (int i = 0; i < count; i++) {
          block[i] = (float) sum[from + i];
        }
        result.asFloatBuffer().put(from, block, 0, count);
      }
    } else {
      result.asDoubleBuffer().put(0, sum, 0, elements);
    }
    empty = true;
  }
}
