package org.lethe.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.lethe.model.Compute.Heads;
import org.lethe.model.Matrix.Address;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Causal attention in FLOAT on the CPU. One task is one key/value head of one sequence; it goes
 * through blocks of query rows and multiplies only with keys up to the block's end. The backward
 * pass makes the probabilities again from the kept log sums (as in FlashAttention, Dao et al.,
 * arXiv 2205.14135, section 3.1), so that nothing of size T x T is kept.
 */
final class FloatAttention {
  private static final int QUERY_BLOCK = 64;

  private final Workers workers;
  private final Scratch[] scratch;

  FloatAttention(Workers workers) {
    this.workers = workers;
    scratch = new Scratch[workers.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** Memory of one worker: two blocks of scores and heap rows. */
  private static final class Scratch {
    private final Exponential exponential = new Exponential();
    private final Address a = new Address();
    private final Address b = new Address();
    private final Address c = new Address();
    private final float[] part = new float[Exponential.BLOCK];
    private Matrix scores;
    private Matrix gradients;
    private float[] row = new float[0];
    private float[] other = new float[0];
    private float[] third = new float[0];

    void cover(int keys, int size) {
      if (scores == null || scores.columns() < keys) {
        release();
        int columns = Math.max(64, (keys + 63) / 64 * 64);
        scores = Matrix.allocate(DataType.FLOAT, QUERY_BLOCK, columns);
        gradients = Matrix.allocate(DataType.FLOAT, QUERY_BLOCK, columns);
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
  }

  void forward(Heads heads, Rows rows, Matrix qkv, Matrix logSums, Matrix out) {
    int group = heads.group();
    workers.run(
        rows.batchSize() * heads.keyValue(),
        (task, worker) -> {
          int b = task / heads.keyValue();
          int kv = task % heads.keyValue();
          Scratch s = scratch[worker];
          s.cover(rows.length(b), heads.size());
          for (int g = 0; g < group; g++) {
            forwardHead(
                heads, kv * group + g, kv, rows.starts()[b], rows.length(b), qkv, logSums, out, s);
          }
        });
  }

  private static void forwardHead(
      Heads heads,
      int head,
      int kv,
      int start,
      int length,
      Matrix qkv,
      Matrix logSums,
      Matrix out,
      Scratch s) {
    int size = heads.size();
    int keyColumn = heads.querySize() + kv * size;
    int valueColumn = keyColumn + heads.keyValueSize();
    for (int first = 0; first < length; first += QUERY_BLOCK) {
      int m = Math.min(QUERY_BLOCK, length - first);
      int keys = first + m;
      scores(heads, head, keyColumn, start, first, m, qkv, s);
      for (int r = 0; r < m; r++) {
        int visible = first + r + 1;
        s.scores.get(r, 0, s.row, 0, visible);
        float maximum = maximum(s.row, visible);
        s.exponentials(maximum, visible);
        float sum = sum(s.row, visible);
        scale(s.row, 1 / sum, visible);
        java.util.Arrays.fill(s.row, visible, keys, 0);
        s.scores.put(r, 0, s.row, 0, keys);
        logSums.put(start + first + r, head, maximum + (float) Math.log(sum));
      }
      s.multiply(
          CblasNoTrans,
          s.scores.address(0, 0),
          s.scores.stride(),
          CblasNoTrans,
          qkv.address(start, valueColumn),
          qkv.stride(),
          m,
          size,
          keys,
          1,
          0,
          out.address(start + first, head * size),
          out.stride());
    }
  }

  /** scores[m, keys] = q k / sqrt S for query rows [first, first + m). */
  private static void scores(
      Heads heads, int head, int keyColumn, int start, int first, int m, Matrix qkv, Scratch s) {
    s.multiply(
        CblasNoTrans,
        qkv.address(start + first, head * heads.size()),
        qkv.stride(),
        CblasTrans,
        qkv.address(start, keyColumn),
        qkv.stride(),
        m,
        first + m,
        heads.size(),
        (float) heads.scale(),
        0,
        s.scores.address(0, 0),
        s.scores.stride());
  }

  void backward(
      Heads heads, Rows rows, Matrix dOut, Matrix qkv, Matrix logSums, Matrix out, Matrix dQkv) {
    int group = heads.group();
    workers.run(
        rows.batchSize() * heads.keyValue(),
        (task, worker) -> {
          int b = task / heads.keyValue();
          int kv = task % heads.keyValue();
          Scratch s = scratch[worker];
          s.cover(rows.length(b), heads.size());
          for (int g = 0; g < group; g++) {
            backwardHead(
                heads,
                kv * group + g,
                kv,
                rows.starts()[b],
                rows.length(b),
                dOut,
                qkv,
                logSums,
                out,
                dQkv,
                g == 0 ? 0 : 1,
                s);
          }
        });
  }

  /** Blocks go from last to first: the last one covers all keys, so it sets what others add to. */
  private static void backwardHead(
      Heads heads,
      int head,
      int kv,
      int start,
      int length,
      Matrix dOut,
      Matrix qkv,
      Matrix logSums,
      Matrix out,
      Matrix dQkv,
      float betaOfFirst,
      Scratch s) {
    int size = heads.size();
    int keyColumn = heads.querySize() + kv * size;
    int valueColumn = keyColumn + heads.keyValueSize();
    int blocks = (length + QUERY_BLOCK - 1) / QUERY_BLOCK;
    float scale = (float) heads.scale();
    for (int block = blocks - 1; block >= 0; block--) {
      int first = block * QUERY_BLOCK;
      int m = Math.min(QUERY_BLOCK, length - first);
      int keys = first + m;
      float beta = block == blocks - 1 ? betaOfFirst : 1;
      int row0 = start + first;
      scores(heads, head, keyColumn, start, first, m, qkv, s);
      // dP = dOut v^T
      s.multiply(
          CblasNoTrans,
          dOut.address(row0, head * size),
          dOut.stride(),
          CblasTrans,
          qkv.address(start, valueColumn),
          qkv.stride(),
          m,
          keys,
          size,
          1,
          0,
          s.gradients.address(0, 0),
          s.gradients.stride());
      for (int r = 0; r < m; r++) {
        scoreGradients(head, size, row0 + r, r, first + r + 1, keys, dOut, out, logSums, s);
      }
      // dV += P^T dOut
      s.multiply(
          CblasTrans,
          s.scores.address(0, 0),
          s.scores.stride(),
          CblasNoTrans,
          dOut.address(row0, head * size),
          dOut.stride(),
          keys,
          size,
          m,
          1,
          beta,
          dQkv.address(start, valueColumn),
          dQkv.stride());
      // dQ = dS k / sqrt S, dK += dS^T q / sqrt S
      s.multiply(
          CblasNoTrans,
          s.gradients.address(0, 0),
          s.gradients.stride(),
          CblasNoTrans,
          qkv.address(start, keyColumn),
          qkv.stride(),
          m,
          size,
          keys,
          scale,
          0,
          dQkv.address(row0, head * size),
          dQkv.stride());
      s.multiply(
          CblasTrans,
          s.gradients.address(0, 0),
          s.gradients.stride(),
          CblasNoTrans,
          qkv.address(row0, head * size),
          qkv.stride(),
          keys,
          size,
          m,
          scale,
          beta,
          dQkv.address(start, keyColumn),
          dQkv.stride());
    }
  }

  /** Row r of scores becomes P, of gradients dS = P (dP - sum(dOut out)). */
  private static void scoreGradients(
      int head,
      int size,
      int row,
      int r,
      int visible,
      int keys,
      Matrix dOut,
      Matrix out,
      Matrix logSums,
      Scratch s) {
    dOut.get(row, head * size, s.row, 0, size);
    out.get(row, head * size, s.other, 0, size);
    float mean = FloatCompute.dot(s.row, s.other, size);
    s.scores.get(r, 0, s.row, 0, visible);
    s.exponentials(logSums.get(row, head), visible);
    s.gradients.get(r, 0, s.third, 0, visible);
    multiplyShifted(s.third, mean, s.row, visible);
    java.util.Arrays.fill(s.row, visible, keys, 0);
    java.util.Arrays.fill(s.third, visible, keys, 0);
    s.scores.put(r, 0, s.row, 0, keys);
    s.gradients.put(r, 0, s.third, 0, keys);
  }

  private static void multiplyShifted(float[] x, float shift, float[] factor, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = (x[i] - shift) * factor[i];
    }
  }

  void cached(
      Heads heads, Matrix qkv, Matrix cache, int capacity, int[] slots, int[] lengths, Matrix out) {
    int size = heads.size();
    int group = heads.group();
    workers.run(
        slots.length * heads.keyValue(),
        (task, worker) -> {
          int n = task / heads.keyValue();
          int kv = task % heads.keyValue();
          int keys = lengths[n];
          int start = slots[n] * capacity;
          Scratch s = scratch[worker];
          s.cover(keys, size);
          if (group > QUERY_BLOCK) {
            throw new IllegalArgumentException("Invalid group of heads: " + group);
          }
          // The heads of a group are the rows of one small product, [group, S] [S, keys].
          s.multiply(
              CblasNoTrans,
              qkv.address(n, kv * group * size),
              size,
              CblasTrans,
              cache.address(start, kv * size),
              cache.stride(),
              group,
              keys,
              size,
              (float) heads.scale(),
              0,
              s.scores.address(0, 0),
              s.scores.stride());
          for (int g = 0; g < group; g++) {
            s.scores.get(g, 0, s.row, 0, keys);
            s.exponentials(maximum(s.row, keys), keys);
            scale(s.row, 1 / sum(s.row, keys), keys);
            s.scores.put(g, 0, s.row, 0, keys);
          }
          s.multiply(
              CblasNoTrans,
              s.scores.address(0, 0),
              s.scores.stride(),
              CblasNoTrans,
              cache.address(start, heads.keyValueSize() + kv * size),
              cache.stride(),
              group,
              size,
              keys,
              1,
              0,
              out.address(n, kv * group * size),
              size);
        });
  }

  private static float maximum(float[] x, int count) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      maximum = Math.max(maximum, x[i]);
    }
    return maximum;
  }

  private static float sum(float[] x, int count) {
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

  private static void scale(float[] x, float factor, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= factor;
    }
  }
}
