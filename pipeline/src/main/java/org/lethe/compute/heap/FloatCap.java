package org.lethe.compute.heap;

import org.lethe.compute.Compute;

/** Soft caps c tanh(x / c) in FLOAT, forward and backward. */
final class FloatCap {
  private final FloatRows rows;

  FloatCap(FloatRows rows) {
    this.rows = rows;
  }

  /** As {@link Compute#softCap}. */
  void apply(double cap, HeapMatrix x) {
    int columns = x.columns();
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            for (int at = 0; at < columns; at += Exponential.BLOCK) {
              int block = Math.min(Exponential.BLOCK, columns - at);
              x.get(row, at, s.a, 0, block);
              cap((float) cap, s.a, s.exponential, block);
              x.put(row, at, s.a, 0, block);
            }
          }
        });
  }

  /** x becomes c tanh(x / c), for at most {@link Exponential#BLOCK} elements. */
  static void cap(float cap, float[] x, Exponential exponential, int count) {
    AttentionScratch.scale(x, 1 / cap, count);
    FloatActivation.tanh(x, exponential, count);
    AttentionScratch.scale(x, cap, count);
  }

  /** As {@link Compute#softCapBackward}. */
  void backward(double cap, HeapMatrix capped, HeapMatrix gradient) {
    int columns = capped.columns();
    rows.run(
        capped.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            capped.get(row, 0, s.a, 0, columns);
            gradient.get(row, 0, s.b, 0, columns);
            multiplySlopes((float) cap, s.a, s.b, columns);
            gradient.put(row, 0, s.b, 0, columns);
          }
        });
  }

  /** Multiplies gradients by the slopes 1 - (capped / c)^2. */
  static void multiplySlopes(float cap, float[] capped, float[] gradients, int count) {
    for (int i = 0; i < count; i++) {
      float share = capped[i] / cap;
      gradients[i] *= 1 - share * share;
    }
  }
}
