package org.lethe.compute.heap;

import org.lethe.compute.Compute;

/** Root-mean-square norms in FLOAT, forward and backward. Works on heap copies of a few rows. */
final class FloatNorm {
  private static final int PIECES = 8;

  private final Workers workers;
  private final FloatRows rows;

  FloatNorm(Workers workers, FloatRows rows) {
    this.workers = workers;
    this.rows = rows;
  }

  /** As {@link Compute#normalize}. */
  void normalize(
      HeapMatrix x, HeapMatrix weight, double epsilon, HeapMatrix inverse, HeapMatrix out) {
    int columns = x.columns();
    float[] scale = FloatRows.heap(weight);
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            float factor =
                (float) (1 / Math.sqrt(FloatRows.dot(s.a, s.a, columns) / columns + epsilon));
            inverse.put(row, 0, factor);
            scaleInto(s.a, scale, factor, s.b, columns);
            out.put(row, 0, s.b, 0, columns);
          }
        });
  }

  /** As {@link Compute#renormalize}. */
  void renormalize(HeapMatrix x, HeapMatrix weight, HeapMatrix inverse, HeapMatrix out) {
    int columns = x.columns();
    float[] scale = FloatRows.heap(weight);
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            scaleInto(s.a, scale, inverse.get(row, 0), s.b, columns);
            out.put(row, 0, s.b, 0, columns);
          }
        });
  }

  private static void scaleInto(float[] x, float[] scale, float factor, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] * factor * scale[i];
    }
  }

  /** As {@link Compute#normalizeBackward}. */
  void normalizeBackward(
      HeapMatrix dOut, HeapMatrix x, HeapMatrix weight, HeapMatrix inverse, HeapMatrix dX) {
    int columns = x.columns();
    float[] scale = FloatRows.heap(weight);
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            float factor = inverse.get(row, 0);
            x.get(row, 0, s.a, 0, columns);
            dOut.get(row, 0, s.b, 0, columns);
            FloatRows.multiplyInto(s.b, scale, columns); // dY = dOut w
            // dX = inverse dY - x inverse^3 mean(x dY)
            float along = FloatRows.dot(s.a, s.b, columns) * factor * factor * factor / columns;
            dX.get(row, 0, s.c, 0, columns);
            FloatRows.addDifference(s.c, factor, s.b, along, s.a, columns);
            dX.put(row, 0, s.c, 0, columns);
          }
        });
  }

  /** As {@link Compute#normalizeWeightGradient}. */
  void normalizeWeightGradient(
      HeapMatrix dOut, HeapMatrix x, HeapMatrix inverse, HeapMatrix dWeight) {
    int columns = x.columns();
    int step = (x.rows() + PIECES - 1) / PIECES;
    int tasks = (x.rows() + step - 1) / step;
    float[][] partial = new float[tasks][columns];
    workers.run(
        tasks,
        (task, worker) -> {
          FloatRows.Scratch s = rows.scratch(worker, columns);
          for (int row = task * step; row < Math.min(x.rows(), (task + 1) * step); row++) {
            x.get(row, 0, s.a, 0, columns);
            dOut.get(row, 0, s.b, 0, columns);
            addProduct(partial[task], s.a, s.b, inverse.get(row, 0), columns);
          }
        });
    for (int task = 1; task < tasks; task++) {
      FloatRows.addTo(partial[0], partial[task], columns);
    }
    FloatRows.add(partial[0], dWeight);
  }

  private static void addProduct(float[] sum, float[] x, float[] y, float factor, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += x[i] * y[i] * factor;
    }
  }
}
