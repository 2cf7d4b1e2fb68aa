package org.lethe.compute.heap;

import org.lethe.compute.Activation;
import org.lethe.compute.Compute;

/**
 * Gated and plain activations in FLOAT, forward and backward. Works on heap copies of part of a row
 * at a time. SwiGLU has loops of its own, which pass over the copies less often.
 */
final class FloatGate {
  private final FloatRows rows;

  FloatGate(FloatRows rows) {
    this.rows = rows;
  }

  /** As {@link Compute#gate}. */
  void gate(Activation f, HeapMatrix gateUp, HeapMatrix out) {
    if (f == Activation.SILU) {
      gateBySilu(gateUp, out);
    } else {
      gateBy(f, gateUp, out);
    }
  }

  private void gateBy(Activation f, HeapMatrix gateUp, HeapMatrix out) {
    int width = out.columns();
    forEachBlock(
        out,
        (row, at, count, s) -> {
          gateUp.get(row, at, s.a, 0, count);
          FloatActivation.values(f, s.a, s.c, s.exponential, count);
          gateUp.get(row, width + at, s.b, 0, count);
          FloatRows.multiplyInto(s.a, s.b, count);
          out.put(row, at, s.a, 0, count);
        });
  }

  /** Work on part of a row. */
  private interface BlockWork {
    /**
     * Processes a part.
     *
     * @param at its first column
     */
    void run(int row, int at, int count, FloatRows.Scratch scratch);
  }

  private void forEachBlock(HeapMatrix x, BlockWork work) {
    int width = x.columns();
    rows.run(
        x.rows(),
        width,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            for (int at = 0; at < width; at += Exponential.BLOCK) {
              work.run(row, at, Math.min(Exponential.BLOCK, width - at), s);
            }
          }
        });
  }

  /** As {@link Compute#activate}. */
  void activate(Activation f, HeapMatrix x, HeapMatrix out) {
    forEachBlock(
        x,
        (row, at, count, s) -> {
          x.get(row, at, s.a, 0, count);
          FloatActivation.values(f, s.a, s.c, s.exponential, count);
          out.put(row, at, s.a, 0, count);
        });
  }

  /** As {@link Compute#activateBackward}. */
  void activateBackward(Activation f, HeapMatrix dOut, HeapMatrix x, HeapMatrix activated) {
    forEachBlock(
        x,
        (row, at, count, s) -> {
          x.get(row, at, s.a, 0, count);
          FloatActivation.valuesAndSlopes(f, s.a, s.b, s.c, s.exponential, count);
          activated.put(row, at, s.a, 0, count);
          dOut.get(row, at, s.a, 0, count);
          FloatRows.multiplyInto(s.b, s.a, count);
          x.put(row, at, s.b, 0, count);
        });
  }

  private void gateBySilu(HeapMatrix gateUp, HeapMatrix out) {
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
  void gateBackward(Activation f, HeapMatrix dOut, HeapMatrix gateUp, HeapMatrix activated) {
    if (f == Activation.SILU) {
      gateBySiluBackward(dOut, gateUp, activated);
    } else {
      gateByBackward(f, dOut, gateUp, activated);
    }
  }

  private void gateByBackward(
      Activation f, HeapMatrix dOut, HeapMatrix gateUp, HeapMatrix activated) {
    int width = dOut.columns();
    forEachBlock(
        dOut,
        (row, at, count, s) -> {
          gateUp.get(row, at, s.a, 0, count);
          FloatActivation.valuesAndSlopes(f, s.a, s.b, s.c, s.exponential, count);
          gateUp.get(row, width + at, s.c, 0, count);
          FloatRows.multiplyInto(s.b, s.c, count); // up slope
          FloatRows.multiplyInto(s.c, s.a, count); // f(gate) up
          activated.put(row, at, s.c, 0, count);
          dOut.get(row, at, s.c, 0, count);
          FloatRows.multiplyInto(s.a, s.c, count);
          FloatRows.multiplyInto(s.b, s.c, count);
          gateUp.put(row, at, s.b, 0, count);
          gateUp.put(row, width + at, s.a, 0, count);
        });
  }

  private void gateBySiluBackward(HeapMatrix dOut, HeapMatrix gateUp, HeapMatrix activated) {
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
