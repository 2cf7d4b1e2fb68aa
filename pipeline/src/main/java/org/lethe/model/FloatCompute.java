package org.lethe.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

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
  /** Below this many multiplications a product is not worth cutting. */
  private static final long WORTH_CUTTING = 1L << 20;

  private static final int PIECES = 8;
  private static final int BLOCK_ELEMENTS = 4096;

  private final Workers workers;
  private final Scratch[] scratch;
  private final FloatAttention attention;
  private final FloatLogits logits;

  FloatCompute(int threads) {
    // The pieces run side by side already. This is a setting of the whole process.
    blas_set_num_threads(1);
    workers = new Workers(threads);
    scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
    attention = new FloatAttention(workers);
    logits = new FloatLogits(workers);
  }

  /** Heap memory of one worker. */
  private static final class Scratch {
    private final Exponential exponential = new Exponential();
    private float[] a = new float[0];
    private float[] b = new float[0];
    private float[] c = new float[0];

    void cover(int elements) {
      if (a.length < elements) {
        a = new float[elements];
        b = new float[elements];
        c = new float[elements];
      }
    }
  }

  /** A loop over rows, some at a time. */
  private interface RowLoop {
    void run(int firstRow, int count, Scratch scratch);
  }

  private void rows(int rows, int columns, RowLoop loop) {
    int step = Math.max(1, Math.min(BLOCK_ELEMENTS * 4 / Math.max(1, columns), (rows + 15) / 16));
    workers.run(
        (rows + step - 1) / step,
        (task, worker) -> {
          int first = task * step;
          scratch[worker].cover(Math.max(columns, Exponential.BLOCK));
          loop.run(first, Math.min(step, rows - first), scratch[worker]);
        });
  }

  @Override
  public void multiply(
      Form formA, Matrix a, Form formB, Matrix b, double alpha, double beta, Matrix c) {
    int m = c.rows();
    int n = c.columns();
    int k = formA == Form.AS_IS ? a.columns() : a.rows();
    if ((long) m * n * k < WORTH_CUTTING) {
      piece(formA, a, formB, b, alpha, beta, c, 0, m, 0, n, k);
    } else if (m >= n) {
      int step = step(m);
      workers.run(
          (m + step - 1) / step,
          (task, worker) ->
              piece(
                  formA,
                  a,
                  formB,
                  b,
                  alpha,
                  beta,
                  c,
                  task * step,
                  Math.min(step, m - task * step),
                  0,
                  n,
                  k));
    } else {
      int step = step(n);
      workers.run(
          (n + step - 1) / step,
          (task, worker) ->
              piece(
                  formA,
                  a,
                  formB,
                  b,
                  alpha,
                  beta,
                  c,
                  0,
                  m,
                  task * step,
                  Math.min(step, n - task * step),
                  k));
    }
  }

  private static int step(int extent) {
    int step = (extent + PIECES - 1) / PIECES;
    return Math.max(32, (step + 31) / 32 * 32);
  }

  /** Rows [m0, m0 + m) and columns [n0, n0 + n) of c. */
  private static void piece(
      Form formA,
      Matrix a,
      Form formB,
      Matrix b,
      double alpha,
      double beta,
      Matrix c,
      int m0,
      int m,
      int n0,
      int n,
      int k) {
    long addressA = formA == Form.AS_IS ? a.address(m0, 0) : a.address(0, m0);
    long addressB = formB == Form.AS_IS ? b.address(0, n0) : b.address(n0, 0);
    cblas_sgemm(
        CblasRowMajor,
        formA == Form.AS_IS ? CblasNoTrans : CblasTrans,
        formB == Form.AS_IS ? CblasNoTrans : CblasTrans,
        m,
        n,
        k,
        (float) alpha,
        new Address().at(addressA),
        a.stride(),
        new Address().at(addressB),
        b.stride(),
        (float) beta,
        new Address().at(c.address(m0, n0)),
        c.stride());
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix out) {
    int columns = table.columns();
    rows(
        ids.length,
        columns,
        (first, count, s) -> {
          Address pointer = new Address();
          for (int row = first; row < first + count; row++) {
            read(table, ids[row], s.a, pointer);
            out.put(row, 0, s.a, 0, columns);
          }
        });
  }

  /** Parameters may exceed what a buffer can address, so their rows are read by pointer. */
  private static void read(Matrix parameters, int row, float[] to, Address pointer) {
    pointer.at(parameters.address(row, 0)).get(to, 0, parameters.columns());
  }

  private static float[] heap(Matrix row) {
    float[] values = new float[row.columns()];
    read(row, 0, values, new Address());
    return values;
  }

  private static void add(float[] values, Matrix row) {
    float[] sum = heap(row);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    new Address().at(row.address(0, 0)).put(sum, 0, sum.length);
  }

  @Override
  public void scatterAdd(Matrix in, int[] ids, Matrix table) {
    // One thread: repeated ids must add up in a fixed order, and the pass is short.
    int columns = table.columns();
    float[] sum = new float[columns];
    float[] addend = new float[columns];
    Address pointer = new Address();
    for (int row = 0; row < ids.length; row++) {
      read(table, ids[row], sum, pointer);
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
    rows(
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
    float[] addend = heap(bias);
    rows(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            addTo(s.a, addend, columns);
            x.put(row, 0, s.a, 0, columns);
          }
        });
  }

  private static void addTo(float[] sum, float[] addend, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += addend[i];
    }
  }

  @Override
  public void addColumnSums(Matrix x, Matrix sums) {
    int columns = x.columns();
    float[] total = new float[columns];
    float[] row = new float[columns];
    for (int r = 0; r < x.rows(); r++) {
      x.get(r, 0, row, 0, columns);
      addTo(total, row, columns);
    }
    add(total, sums);
  }

  @Override
  public void normalize(Matrix x, Matrix weight, double epsilon, Matrix inverse, Matrix out) {
    int columns = x.columns();
    float[] scale = heap(weight);
    rows(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            x.get(row, 0, s.a, 0, columns);
            float factor = (float) (1 / Math.sqrt(dot(s.a, s.a, columns) / columns + epsilon));
            inverse.put(row, 0, factor);
            scaleInto(s.a, scale, factor, s.b, columns);
            out.put(row, 0, s.b, 0, columns);
          }
        });
  }

  @Override
  public void renormalize(Matrix x, Matrix weight, Matrix inverse, Matrix out) {
    int columns = x.columns();
    float[] scale = heap(weight);
    rows(
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

  /** Sums in four strands, which Java cannot make of one by itself. */
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

  @Override
  public void normalizeBackward(Matrix dOut, Matrix x, Matrix weight, Matrix inverse, Matrix dX) {
    int columns = x.columns();
    float[] scale = heap(weight);
    rows(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            float factor = inverse.get(row, 0);
            x.get(row, 0, s.a, 0, columns);
            dOut.get(row, 0, s.b, 0, columns);
            multiplyInto(s.b, scale, columns); // dY = dOut w
            // dX = inverse dY - x inverse^3 mean(x dY)
            float along = dot(s.a, s.b, columns) * factor * factor * factor / columns;
            dX.get(row, 0, s.c, 0, columns);
            addDifference(s.c, factor, s.b, along, s.a, columns);
            dX.put(row, 0, s.c, 0, columns);
          }
        });
  }

  private static void multiplyInto(float[] x, float[] scale, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= scale[i];
    }
  }

  private static void addDifference(
      float[] sum, float p, float[] x, float q, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += p * x[i] - q * y[i];
    }
  }

  @Override
  public void normalizeWeightGradient(Matrix dOut, Matrix x, Matrix inverse, Matrix dWeight) {
    int columns = x.columns();
    int step = (x.rows() + PIECES - 1) / PIECES;
    int tasks = (x.rows() + step - 1) / step;
    float[][] partial = new float[tasks][columns];
    workers.run(
        tasks,
        (task, worker) -> {
          Scratch s = scratch[worker];
          s.cover(columns);
          for (int row = task * step; row < Math.min(x.rows(), (task + 1) * step); row++) {
            x.get(row, 0, s.a, 0, columns);
            dOut.get(row, 0, s.b, 0, columns);
            addProduct(partial[task], s.a, s.b, inverse.get(row, 0), columns);
          }
        });
    for (int task = 1; task < tasks; task++) {
      addTo(partial[0], partial[task], columns);
    }
    add(partial[0], dWeight);
  }

  private static void addProduct(float[] sum, float[] x, float[] y, float factor, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += x[i] * y[i] * factor;
    }
  }

  @Override
  public void rotate(Matrix x, Rotary rotary, int[] positions, Turn turn) {
    int columns = x.columns();
    int half = rotary.half();
    float[] cosines = rotary.floatCosines();
    float[] sines = rotary.floatSines();
    float sign = turn == Turn.FORWARD ? 1 : -1;
    rows(
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
    rows(
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
    rows(
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
    rows(
        x.rows(),
        columns,
        (first, count, s) -> {
          for (int row = first; row < first + count; row++) {
            masks.fill(row, s.b, columns);
            x.get(row, 0, s.a, 0, columns);
            multiplyInto(s.a, s.b, columns);
            if (kept != 0) {
              out.get(row, 0, s.c, 0, columns);
              addDifference(s.a, kept, s.c, 0, s.c, columns);
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
    rows(
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
