package org.lethe.compute.heap;

import org.lethe.compute.heap.HeapMatrix.Address;

/**
 * Loops over heap copies of a few rows. The compiler vectorises them, and they run in parallel on
 * the decoder's threads.
 */
final class FloatRows {
  private static final int BLOCK_ELEMENTS = 4096;

  private final Workers workers;
  private final Scratch[] scratch;

  FloatRows(Workers workers, int threads) {
    this.workers = workers;
    scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** Scratch arrays of one worker. */
  static final class Scratch {
    final Exponential exponential = new Exponential();
    float[] a = new float[0];
    float[] b = new float[0];
    float[] c = new float[0];

    void cover(int elements) {
      if (a.length < elements) {
        a = new float[elements];
        b = new float[elements];
        c = new float[elements];
      }
    }
  }

  /** Body of a loop over rows, a few at a time. */
  interface Loop {
    void run(int firstRow, int count, Scratch scratch);
  }

  /** Runs the loop over all rows, cut by shape only. */
  void run(int rows, int columns, Loop loop) {
    int step = Math.max(1, Math.min(BLOCK_ELEMENTS * 4 / Math.max(1, columns), (rows + 15) / 16));
    workers.run(
        (rows + step - 1) / step,
        (task, worker) -> {
          int first = task * step;
          scratch[worker].cover(Math.max(columns, Exponential.BLOCK));
          loop.run(first, Math.min(step, rows - first), scratch[worker]);
        });
  }

  /** Scratch arrays of a worker, with room for that many elements. */
  Scratch scratch(int worker, int elements) {
    scratch[worker].cover(elements);
    return scratch[worker];
  }

  /**
   * Reads a row of parameters by pointer, because parameters may exceed what a buffer can address.
   */
  static void read(HeapMatrix parameters, int row, float[] to, Address pointer) {
    pointer.at(parameters.address(row, 0)).get(to, 0, parameters.columns());
  }

  static float[] heap(HeapMatrix row) {
    float[] values = new float[row.columns()];
    read(row, 0, values, new Address());
    return values;
  }

  static void add(float[] values, HeapMatrix row) {
    float[] sum = heap(row);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    new Address().at(row.address(0, 0)).put(sum, 0, sum.length);
  }

  static void addTo(float[] sum, float[] addend, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += addend[i];
    }
  }

  static void multiplyInto(float[] x, float[] scale, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= scale[i];
    }
  }

  static void addDifference(float[] sum, float p, float[] x, float q, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += p * x[i] - q * y[i];
    }
  }

  /** Dot product with four accumulators, into which Java does not split a loop by itself. */
  static float dot(float[] a, float[] b, int count) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      sum0 += a[i] * b[i];
      sum1 += a[i + 1] * b[i + 1];
      sum2 += a[i + 2] * b[i + 2];
      sum3 += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++) {
      sum0 += a[i] * b[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
