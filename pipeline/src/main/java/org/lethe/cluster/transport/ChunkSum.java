package org.lethe.cluster.transport;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.lethe.compute.VectorBytes;
import org.nd4j.linalg.api.buffer.DataType;

/** Computes weighted sums of the workers' versions of a chunk, in double, rounded once. */
final class ChunkSum {
  /** Elements that are summed at a time. Small enough for the first cache. */
  private static final int BLOCK = 1 << 11;

  private ChunkSum() {}

  /**
   * Returns the sum over i of weights[i] * chunks[i], added in that order.
   *
   * @param chunks raw bytes of equal length
   */
  static byte[] weighted(List<byte[]> chunks, double[] weights, DataType type) {
    List<Elements> sources = chunks.stream().map(chunk -> Elements.of(chunk, type)).toList();
    byte[] result = new byte[chunks.get(0).length];
    Elements target = Elements.of(result, type);
    double[] sum = new double[BLOCK];
    double[] block = new double[BLOCK];
    int left = result.length / type.width();
    while (left > 0) {
      int length = Math.min(BLOCK, left);
      for (int w = 0; w < weights.length; w++) {
        sources.get(w).get(block, length);
        double weight = weights[w];
        for (int i = 0; i < length; i++) {
          double term = weight * block[i];
          sum[i] = w == 0 ? term : sum[i] + term;
        }
      }
      target.put(sum, length);
      left -= length;
    }
    return result;
  }

  /** The elements of a chunk, read and written as doubles from the first to the last. */
  private sealed interface Elements {
    static Elements of(byte[] chunk, DataType type) {
      ByteBuffer bytes = VectorBytes.buffer(chunk);
      return type == DataType.FLOAT
          ? new Floats(bytes.asFloatBuffer(), new float[BLOCK])
          : new Doubles(bytes.asDoubleBuffer());
    }

    void get(double[] to, int count);

    void put(double[] from, int count);
  }

  private record Floats(FloatBuffer buffer, float[] block) implements Elements {
    @Override
    public void get(double[] to, int count) {
      buffer.get(block, 0, count);
      for (int i = 0; i < count; i++) {
        to[i] = block[i];
      }
    }

    @Override
    public void put(double[] from, int count) {
      for (int i = 0; i < count; i++) {
        block[i] = (float) from[i];
      }
      buffer.put(block, 0, count);
    }
  }

  private record Doubles(DoubleBuffer buffer) implements Elements {
    @Override
    public void get(double[] to, int count) {
      buffer.get(to, 0, count);
    }

    @Override
    public void put(double[] from, int count) {
      buffer.put(from, 0, count);
    }
  }
}
