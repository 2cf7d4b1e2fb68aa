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
    float[] scale = FloatRows.heap(weight);
    forEachGroup(
        x,
        inverse,
        (row, group, at, columns, s) -> {
          x.get(row, at, s.a, 0, columns);
          float factor =
              (float) (1 / Math.sqrt(FloatRows.dot(s.a, s.a, columns) / columns + epsilon));
          inverse.put(row, group, factor);
          scaleInto(s.a, scale, factor, s.b, columns);
          out.put(row, at, s.b, 0, columns);
        });
  }

  /** Work on one group of one row. */
  private interface GroupWork {
    /**
     * Processes a group.
     *
     * @param at first column of the group in x
     */
    void run(int row, int group, int at, int columns, FloatRows.Scratch scratch);
  }

  private void forEachGroup(HeapMatrix x, HeapMatrix inverse, GroupWork work) {
    int groups = inverse.columns();
    int columns = x.columns() / groups;
    rows.run(
        x.rows(),
        x.columns(),
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            for (int group = 0; group < groups; group++) {
              work.run(row, group, group * columns, columns, s);
            }
          }
        });
  }

  /** As {@link Compute#center}. */
  void center(HeapMatrix x, HeapMatrix out) {
    int columns = x.columns();
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            float mean = AttentionScratch.sum(s.a, columns) / columns;
            for (int i = 0; i < columns; i++) {
              s.a[i] -= mean;
            }
            out.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#renormalize}. */
  void renormalize(HeapMatrix x, HeapMatrix weight, HeapMatrix inverse, HeapMatrix out) {
    float[] scale = FloatRows.heap(weight);
    forEachGroup(
        x,
        inverse,
        (row, group, at, columns, s) -> {
          x.get(row, at, s.a, 0, columns);
          scaleInto(s.a, scale, inverse.get(row, group), s.b, columns);
          out.put(row, at, s.b, 0, columns);
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
    float[] scale = FloatRows.heap(weight);
    forEachGroup(
        x,
        inverse,
        (row, group, at, columns, s) -> {
          float factor = inverse.get(row, group);
          x.get(row, at, s.a, 0, columns);
          dOut.get(row, at, s.b, 0, columns);
          FloatRows.multiplyInto(s.b, scale, columns); // dY = dOut w
          // dX = inverse dY - x inverse^3 mean(x dY)
          float along = FloatRows.dot(s.a, s.b, columns) * factor * factor * factor / columns;
          dX.get(row, at, s.c, 0, columns);
          FloatRows.addDifference(s.c, factor, s.b, along, s.a, columns);
          dX.put(row, at, s.c, 0, columns);
        });
  }

  /** As {@link Compute#normalizeWeightGradient}. */
  void normalizeWeightGradient(
      HeapMatrix dOut, HeapMatrix x, HeapMatrix inverse, HeapMatrix dWeight) {
    int groups = inverse.columns();
    int columns = x.columns() / groups;
    int step = (x.rows() + PIECES - 1) / PIECES;
    int tasks = (x.rows() + step - 1) / step;
    float[][] partial = new float[tasks][columns];
    workers.run(
        tasks,
        (task, worker) -> {
          FloatRows.Scratch s = rows.scratch(worker, columns);
          for (int row = task * step; row < Math.min(x.rows(), (task + 1) * step); row++) {
            for (int group = 0; group < groups; group++) {
              x.get(row, group * columns, s.a, 0, columns);
              dOut.get(row, group * columns, s.b, 0, columns);
              addProduct(partial[task], s.a, s.b, inverse.get(row, group), columns);
            }
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
