package org.lethe.compute.heap;

import org.lethe.compute.Compute;

/** SwiGLU in FLOAT, forward and backward. Works on heap copies of part of a row at a time. */
final class FloatGate {
  private final FloatRows rows;

  FloatGate(FloatRows rows) {
    this.rows = rows;
  }

  /** As {@link Compute#gate}. */
  void gate(HeapMatrix gateUp, HeapMatrix out) {
    int width = out.columns();
    rows.run(
        out.rows(),
        width,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            for (int at = 0; at < width; at += Exponential.BLOCK) {
              int block = Math.min(Exponential.BLOCK, width - at);
              gateUp.get(row, at, s.a, 0, block);
              gateUp.get(row, width + at, s.b, 0, block);
              negate(s.a, s.c, block);
              s.exponential.apply(s.c, block);
              for (int i = 0; i < block; i++) {
                s.a[i] = s.a[i] / (1 + s.c[i]) * s.b[i];
              }
              out.put(row, at, s.a, 0, block);
            }
          }
        });
  }

  private static void negate(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -x[i];
    }
  }

  /** As {@link Compute#gateBackward}. */
  void gateBackward(HeapMatrix dOut, HeapMatrix gateUp, HeapMatrix activated) {
    int width = dOut.columns();
    rows.run(
        dOut.rows(),
        width,
        (first, count, s) -> {
          float[] d = new float[Exponential.BLOCK];
          for (int row = first; row < first + count; row++) {
            for (int at = 0; at < width; at += Exponential.BLOCK) {
              int block = Math.min(Exponential.BLOCK, width - at);
              gateUp.get(row, at, s.a, 0, block);
              gateUp.get(row, width + at, s.b, 0, block);
              dOut.get(row, at, d, 0, block);
              negate(s.a, s.c, block);
              s.exponential.apply(s.c, block);
              gateGradient(s.a, s.b, s.c, d, block);
              activated.put(row, at, s.c, 0, block);
              gateUp.put(row, at, s.a, 0, block);
              gateUp.put(row, width + at, s.b, 0, block);
            }
          }
        });
  }

  /** In: gate, up, exp(-gate), d. Out: dGate, dUp, silu(gate) up. */
  private static void gateGradient(float[] gate, float[] up, float[] e, float[] d, int count) {
    for (int i = 0; i < count; i++) {
      float sigmoid = 1 / (1 + e[i]);
      float silu = gate[i] * sigmoid;
      e[i] = silu * up[i];
      float slope = sigmoid + silu * (1 - sigmoid);
      gate[i] = d[i] * up[i] * slope;
      up[i] = d[i] * silu;
    }
  }
}
