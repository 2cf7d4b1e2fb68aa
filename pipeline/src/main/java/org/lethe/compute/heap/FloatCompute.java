package org.lethe.model;

import org.lethe.model.Matrix.Address;

/**
 * FLOAT on the CPU. Products go to the BLAS that the ND4J backend loaded, cut into pieces that run
 * side by side on the decoder's own threads; everything else is loops over heap copies of a few
 * rows, which the compiler vectorises. One ND4J operation costs 5 to 10 microseconds and a pass
 * over memory, and its thread pool keeps spinning on cores that these loops need.
 *
 * <p>Work is cut by shape alone, never by the number of threads, so results do not depend on it.
 */
final class FloatCompute implements Compute {
  private final FloatRows rows;
  private final FloatProducts products;
  private final FloatNorm norm;
  private final FloatAttention attention;
  private final FloatLogits logits;

  FloatCompute(int threads) {
    Workers workers = new Workers(threads);
    rows = new FloatRows(workers, threads);
    products = new FloatProducts(workers);
    norm = new FloatNorm(workers, rows);
    attention = new FloatAttention(workers);
    logits = new FloatLogits(workers);
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    products.multiply(formA, a, formB, b, alpha, beta, c);
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    norm.normalize(x, weight, epsilon, inverse, out);
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    norm.renormalize(x, weight, inverse, out);
  }

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    norm.normalizeBackward(dOut, x, weight, inverse, dX);
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    norm.normalizeWeightGradient(dOut, x, inverse, dWeight);
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
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

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    // One thread: repeated ids must add up in a fixed order, and the pass is short.
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

  @Override
  public void copy(Matrix from, Matrix to) {
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

  @Override
  public void clear(Matrix matrix) {
    int columns = matrix.columns();
    float[] zeros = new float[columns];
    for (int row = 0; row < matrix.rows(); row++) {
      matrix.put(row, 0, zeros, 0, columns);
    }
  }

  @Override
  public void addRow(Matrix bias, Matrix x) {
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

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    int columns = x.columns();
    float[] total = new float[columns];
    float[] row = new float[columns];
    for (int r = 0; r < x.rows(); r++) {
      x.get(r, 0, row, 0, columns);
      FloatRows.addTo(total, row, columns);
    }
    FloatRows.add(total, sums);
  }

  @Override
  public void rotate(Matrix x, Rotary rotary, int[] positions, Turn turn) {
    int columns = x.columns();
    int half = rotary.half();
    float[] cosines = rotary.floatCosines();
    float[] sines = rotary.floatSines();
    float sign = turn == Turn.FORWARD ? 1 : -1;
    rows.run(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            int table = positions[row] * half;
            for (int head = 0; head < columns; head += 2 * half) {
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

  @Override
  public void attend(Heads heads, Rows rows, Matrix qkv, Matrix logSums, Matrix out) {
    attention.forward(heads, rows, qkv, logSums, out);
  }

  @Override
  public void attendBackward(
      Heads heads, Rows rows, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    attention.backward(heads, rows, dOut, qkv, logSums, out, dQkv);
  }

  @Override
  public void attendCached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    attention.cached(heads, qkv, cache, capacity, slots, lengths, out);
  }

  @Override
  public void gate(Matrix gateUp, Matrix out) {
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

  @Override
  public void gateBackward(Matrix dOut, Matrix gateUp, Matrix activated) {
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

  @Override
  public void mask(Matrix x, MaskSource masks, double beta, Matrix out) {
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

  @Override
  public void exponentials(Matrix x, int[] targets, double[] losses, double[] sums) {
    logits.exponentials(x, targets, losses, sums);
  }

  @Override
  public void subtractTargets(Matrix exponentials, int[] targets, double[] sums) {
    for (int row = 0; row < targets.length; row++) {
      double value = exponentials.get(row, targets[row]);
      exponentials.put(row, targets[row], (float) (value - sums[row]));
    }
  }

  @Override
  public Comparison compare(Matrix model, Matrix reference, double[] weights) {
    return logits.compare(model, reference, weights);
  }

  @Override
  public void scaleRows(double[] factors, Matrix x) {
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

  @Override
  public int[] largest(Matrix x) {
    return logits.largest(x);
  }
}
