package org.lethe.compute.heap;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.lethe.compute.Scores;
import org.lethe.compute.heap.HeapMatrix.Address;

/** Memory of one worker of {@link FloatAttention}: two blocks of scores and heap rows. */
final class AttentionScratch {
  /** Query rows processed at a time. */
  static final int QUERY_BLOCK = 64;

  private final Exponential exponential = new Exponential();
  private final Address a = new Address();
  private final Address b = new Address();
  private final Address c = new Address();
  private final float[] part = new float[Exponential.BLOCK];
  HeapMatrix scores;
  HeapMatrix gradients;
  float[] row = new float[0];
  float[] other = new float[0];
  float[] third = new float[0];

  void cover(int keys, int size) {
    if (scores == null || scores.columns() < keys) {
      release();
      int columns = Math.max(64, (keys + 63) / 64 * 64);
      scores = HeapMatrix.allocate(QUERY_BLOCK, columns);
      gradients = HeapMatrix.allocate(QUERY_BLOCK, columns);
    }
    int longest = Math.max(scores.columns(), size);
    if (row.length < longest) {
      row = new float[longest];
      other = new float[longest];
      third = new float[longest];
    }
  }

  private void release() {
    if (scores != null) {
      scores.close();
      gradients.close();
    }
  }

  /** c = alpha op(a) op(b) + beta c. */
  void multiply(
      int formA,
      long addressA,
      int strideA,
      int formB,
      long addressB,
      int strideB,
      int m,
      int n,
      int k,
      float alpha,
      float beta,
      long addressC,
      int strideC) {
    cblas_sgemm(
        CblasRowMajor,
        formA,
        formB,
        m,
        n,
        k,
        alpha,
        a.at(addressA),
        strideA,
        b.at(addressB),
        strideB,
        beta,
        c.at(addressC),
        strideC);
  }

  /** Caps the first scores of row, if there is a cap. */
  void cap(Scores scores, int count) {
    if (scores.softCap().isEmpty()) {
      return;
    }
    float cap = (float) scores.softCap().getAsDouble();
    for (int at = 0; at < count; at += Exponential.BLOCK) {
      int block = Math.min(Exponential.BLOCK, count - at);
      System.arraycopy(row, at, part, 0, block);
      FloatCap.cap(cap, part, exponential, block);
      System.arraycopy(part, 0, row, at, block);
    }
  }

  /** row[i] = exp(row[i] - shift) for i below count. */
  void exponentials(float shift, int count) {
    for (int at = 0; at < count; at += Exponential.BLOCK) {
      int block = Math.min(Exponential.BLOCK, count - at);
      for (int i = 0; i < block; i++) {
        part[i] = row[at + i] - shift;
      }
      exponential.apply(part, block);
      System.arraycopy(part, 0, row, at, block);
    }
  }

  /** The first scores of row become probabilities. */
  void probabilities(int count) {
    exponentials(maximum(row, count), count);
    scale(row, 1 / sum(row, count), count);
  }

  static float maximum(float[] x, int count) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      maximum = Math.max(maximum, x[i]);
    }
    return maximum;
  }

  static float sum(float[] x, int count) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      sum0 += x[i];
      sum1 += x[i + 1];
      sum2 += x[i + 2];
      sum3 += x[i + 3];
    }
    for (; i < count; i++) {
      sum0 += x[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  static void scale(float[] x, float factor, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= factor;
    }
  }
}
