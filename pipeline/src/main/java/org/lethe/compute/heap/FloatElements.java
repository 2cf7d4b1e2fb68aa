package org.lethe.compute.heap;

import org.lethe.compute.Compute;
import org.lethe.compute.RotaryTables;
import org.lethe.compute.heap.HeapMatrix.Address;

/** Element-wise work in FLOAT: copies, sums, masks and rotations, a few rows at a time. */
final class FloatElements {
  private final FloatRows rows;

  FloatElements(FloatRows rows) {
    this.rows = rows;
  }

  /** As {@link Compute#gather}. */
  void gather(HeapMatrix table, int[] ids, HeapMatrix out) {
    int columns = table.columns();
    rows.run(
        ids.length,
        columns,
        (first, count, s) -> {
          Address pointer = new Address();
          for (int row = first; row < first + count; row++) {
            FloatRows.read(table, ids[row], s.a, pointer);
            out.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#scatterAdd}. */
  void scatterAdd(HeapMatrix in, int[] ids, HeapMatrix table) {
    // One thread: rows with the same id must be added in a fixed order, and the pass is short.
    int columns = table.columns();
    float[] sum = new float[columns];
    float[] addend = new float[columns];
    Address pointer = new Address();
    for (int row = 0; row < ids.length; row++) {
      FloatRows.read(table, ids[row], sum, pointer);
      in.get(row, 0, addend, 0, columns);
      for (int i = 0; i < columns; i++) {
        sum[i] += addend[i];
      }
      pointer.put(sum, 0, columns);
    }
  }

  /** As {@link Compute#copy}. */
  void copy(HeapMatrix from, HeapMatrix to) {
    int columns = from.columns();
    rows.run(
        from.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            from.get(row, 0, s.a, 0, columns);
            to.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#add}. */
  void add(HeapMatrix x, HeapMatrix sum) {
    int columns = x.columns();
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            sum.get(row, 0, s.b, 0, columns);
            FloatRows.addTo(s.b, s.a, columns);
            sum.put(row, 0, s.b, 0, columns);
          }
        });
  }

  /** As {@link Compute#clear}. */
  void clear(HeapMatrix matrix) {
    int columns = matrix.columns();
    float[] zeros = new float[columns];
    for (int row = 0; row < matrix.rows(); row++) {
      matrix.put(row, 0, zeros, 0, columns);
    }
  }

  /** As {@link Compute#addRow}. */
  void addRow(HeapMatrix bias, HeapMatrix x) {
    int columns = x.columns();
    float[] addend = FloatRows.heap(bias);
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            FloatRows.addTo(s.a, addend, columns);
            x.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#addColumnSums}. */
  void addColumnSums(HeapMatrix x, HeapMatrix sums) {
    int columns = x.columns();
    float[] total = new float[columns];
    float[] row = new float[columns];
    for (int r = 0; r < x.rows(); r++) {
      x.get(r, 0, row, 0, columns);
      FloatRows.addTo(total, row, columns);
    }
    FloatRows.add(total, sums);
  }

  /** As {@link Compute#mask}. */
  void mask(HeapMatrix x, Compute.MaskSource masks, double beta, HeapMatrix out) {
    int columns = x.columns();
    float kept = (float) beta;
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            masks.fill(row, s.b, columns);
            x.get(row, 0, s.a, 0, columns);
            FloatRows.multiplyInto(s.a, s.b, columns);
            if (kept != 0) {
              out.get(row, 0, s.c, 0, columns);
              FloatRows.addDifference(s.a, kept, s.c, 0, s.c, columns);
            }
            out.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#subtractTargets}. */
  void subtractTargets(HeapMatrix exponentials, int[] targets, double[] sums) {
    for (int row = 0; row < targets.length; row++) {
      double value = exponentials.get(row, targets[row]);
      exponentials.put(row, targets[row], (float) (value - sums[row]));
    }
  }

  /** As {@link Compute#scaleRows}. */
  void scaleRows(double[] factors, HeapMatrix x) {
    int columns = x.columns();
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            float factor = (float) factors[row];
            x.get(row, 0, s.a, 0, columns);
            for (int i = 0; i < columns; i++) {
              s.a[i] *= factor;
            }
            x.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** As {@link Compute#rotate}. */
  void rotate(HeapMatrix x, int headSize, RotaryTables tables, int[] positions, Compute.Turn turn) {
    int columns = x.columns();
    int half = tables.half();
    float[] cosines = tables.cosines();
    float[] sines = tables.sines();
    float sign = turn == Compute.Turn.FORWARD ? 1 : -1;
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            int table = positions[row] * half;
            for (int head = 0; head < columns; head += headSize) {
              rotateHead(s.a, head, half, cosines, sines, table, sign);
            }
            x.put(row, 0, s.a, 0, columns);
          }
        });
  }

  private static void rotateHead(
      float[] x, int head, int half, float[] cosines, float[] sines, int table, float sign) {
    for (int i = 0; i < half; i++) {
      float cosine = cosines[table + i];
      float sine = sign * sines[table + i];
      float low = x[head + i];
      float high = x[head + half + i];
      x[head + i] = low * cosine - high * sine;
      x[head + half + i] = high * cosine + low * sine;
    }
  }
}
