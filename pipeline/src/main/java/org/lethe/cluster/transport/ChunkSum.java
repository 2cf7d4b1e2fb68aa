package org.lethe.cluster.transport;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.lethe.compute.VectorBytes;
import org.nd4j.linalg.api.buffer.DataType;

/** Computes weighted sums of the workers' versions of a chunk, in double, rounded once. */
final class ChunkSum {
  private static final int BLOCK = 1 << 13;

  private ChunkSum() {}

  /**
   * Returns the sum over i of weights[i] * chunks[i], added in that order.
   *
   * @param chunks raw bytes of equal length
   */
  static byte[] weighted(List<byte[]> chunks, double[] weights, DataType type) {
    return type == DataType.FLOAT ? floats(chunks, weights) : doubles(chunks, weights);
  }

  private static byte[] floats(List<byte[]> chunks, double[] weights) {
    List<FloatBuffer> sources =
        chunks.stream().map(chunk -> VectorBytes.buffer(chunk).asFloatBuffer()).toList();
    ByteBuffer result = ByteBuffer.allocate(chunks.get(0).length);
    FloatBuffer target = VectorBytes.buffer(result.array()).asFloatBuffer();
    double[] sum = new double[BLOCK];
    float[] block = new float[BLOCK];
    while (target.hasRemaining()) {
      int length = Math.min(BLOCK, target.remaining());
      for (int w = 0; w < weights.length; w++) {
        sources.get(w).get(block, 0, length);
        double weight = weights[w];
        for (int i = 0; i < length; i++) {
          double term = weight * block[i];
          sum[i] = w == 0 ? term : sum[i] + term;
        }
      }
      for (int i = 0; i < length; i++) {
        block[i] = (float) sum[i];
      }
      target.put(block, 0, length);
    }
    return result.array();
  }

  private static byte[] doubles(List<byte[]> chunks, double[] weights) {
    List<DoubleBuffer> sources =
        chunks.stream().map(chunk -> VectorBytes.buffer(chunk).asDoubleBuffer()).toList();
    ByteBuffer result = ByteBuffer.allocate(chunks.get(0).length);
    DoubleBuffer target = VectorBytes.buffer(result.array()).asDoubleBuffer();
    double[] sum = new double[BLOCK];
    double[] block = new double[BLOCK];
    while (target.hasRemaining()) {
      int length = Math.min(BLOCK, target.remaining());
      for (int w = 0; w < weights.length; w++) {
        sources.get(w).get(block, 0, length);
        double weight = weights[w];
        for (int i = 0; i < length; i++) {
          double term = weight * block[i];
          sum[i] = w == 0 ? term : sum[i] + term;
        }
      }
      target.put(sum, 0, length);
    }
    return result.array();
  }
}
