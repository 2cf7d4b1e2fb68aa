package org.lethe.compute.heap;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import java.util.Arrays;
import org.lethe.compute.Heads;

/**
 * Causal attention in FLOAT on the CPU. One task is one key/value head of one sequence. It goes
 * through blocks of query rows and multiplies only with keys that the block's queries see. The
 * backward pass recomputes the probabilities from the kept log sums (as in FlashAttention, Dao et
 * al., arXiv 2205.14135, section 3.1), so that nothing of size T x T is kept.
 */
final class FloatAttention {
  /** Probabilities of keys before the window of a query, within a block. */
  private static final float[] HIDDEN = new float[AttentionScratch.QUERY_BLOCK];

  private final Workers workers;
  private final AttentionScratch[] scratch;

  FloatAttention(Workers workers) {
    this.workers = workers;
    scratch = new AttentionScratch[workers.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new AttentionScratch();
    }
  }

  /** Work on one query head of one sequence. */
  private interface HeadWork {
    /**
     * Processes one query head.
     *
     * @param g index within the group of its key/value head
     * @param start first row of the sequence
     */
    void run(int g, int head, int kv, int start, int length, AttentionScratch scratch);
  }

  private void forEachHead(Heads heads, int[] starts, HeadWork work) {
    int group = heads.group();
    workers.run(
        (starts.length - 1) * heads.keyValue(),
        (task, worker) -> {
          int b = task / heads.keyValue();
          int kv = task % heads.keyValue();
          int length = starts[b + 1] - starts[b];
          AttentionScratch s = scratch[worker];
          s.cover(length, heads.size());
          for (int g = 0; g < group; g++) {
            work.run(g, kv * group + g, kv, starts[b], length, s);
          }
        });
  }

  void forward(Heads heads, int[] starts, HeapMatrix qkv, HeapMatrix logSums, HeapMatrix out) {
    forEachHead(
        heads,
        starts,
        (g, head, kv, start, length, s) ->
            forwardHead(heads, head, kv, start, length, qkv, logSums, out, s));
  }

  private static void forwardHead(
      Heads heads,
      int head,
      int kv,
      int start,
      int length,
      HeapMatrix qkv,
      HeapMatrix logSums,
      HeapMatrix out,
      AttentionScratch s) {
    int size = heads.size();
    int keyColumn = heads.querySize() + kv * size;
    int valueColumn = keyColumn + heads.keyValueSize();
    for (int first = 0; first < length; first += AttentionScratch.QUERY_BLOCK) {
      int m = Math.min(AttentionScratch.QUERY_BLOCK, length - first);
      int low = heads.scores().firstKey(first);
      int keys = first + m - low;
      scores(heads, head, keyColumn, start, first, low, m, qkv, s);
      for (int r = 0; r < m; r++) {
        int from = heads.scores().firstKey(first + r) - low;
        int visible = first + r + 1 - low - from;
        s.scores.get(r, from, s.row, 0, visible);
        s.cap(heads.scores(), visible);
        float maximum = AttentionScratch.maximum(s.row, visible);
        s.exponentials(maximum, visible);
        float sum = AttentionScratch.sum(s.row, visible);
        AttentionScratch.scale(s.row, 1 / sum, visible);
        Arrays.fill(s.row, visible, keys - from, 0);
        s.scores.put(r, 0, HIDDEN, 0, from);
        s.scores.put(r, from, s.row, 0, keys - from);
        logSums.put(start + first + r, head, maximum + (float) Math.log(sum));
      }
      s.multiply(
          CblasNoTrans,
          s.scores.address(0, 0),
          s.scores.stride(),
          CblasNoTrans,
          qkv.address(start + low, valueColumn),
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

  /** scores[m, keys] = scale q k for query rows [first, first + m) and keys from low on. */
  private static void scores(
      Heads heads,
      int head,
      int keyColumn,
      int start,
      int first,
      int low,
      int m,
      HeapMatrix qkv,
      AttentionScratch s) {
    s.multiply(
        CblasNoTrans,
        qkv.address(start + first, head * heads.size()),
        qkv.stride(),
        CblasTrans,
        qkv.address(start + low, keyColumn),
        qkv.stride(),
        m,
        first + m - low,
        heads.size(),
        (float) heads.scale(),
        0,
        s.scores.address(0, 0),
        s.scores.stride());
  }

  void backward(
      Heads heads,
      int[] starts,
      HeapMatrix dOut,
      HeapMatrix qkv,
      HeapMatrix logSums,
      HeapMatrix out,
      HeapMatrix dQkv) {
    // The first head of a group sets the gradients of its key/value head; the others add to them.
    // With a window, no block of queries sees all keys, so that all add to zeros.
    boolean windowed = heads.scores().window().isPresent();
    if (windowed) {
      clearKeyValues(heads, dQkv);
    }
    forEachHead(
        heads,
        starts,
        (g, head, kv, start, length, s) ->
            backwardHead(
                heads,
                head,
                kv,
                start,
                length,
                dOut,
                qkv,
                logSums,
                out,
                dQkv,
                g == 0 && !windowed ? 0 : 1,
                s));
  }

  private static void clearKeyValues(Heads heads, HeapMatrix dQkv) {
    float[] zeros = new float[2 * heads.keyValueSize()];
    for (int row = 0; row < dQkv.rows(); row++) {
      dQkv.put(row, heads.querySize(), zeros, 0, zeros.length);
    }
  }

  /**
   * Goes through the blocks from last to first. The last one covers all keys, so it sets the
   * gradients to which the others add.
   */
  private static void backwardHead(
      Heads heads,
      int head,
      int kv,
      int start,
      int length,
      HeapMatrix dOut,
      HeapMatrix qkv,
      HeapMatrix logSums,
      HeapMatrix out,
      HeapMatrix dQkv,
      float betaOfFirst,
      AttentionScratch s) {
    int size = heads.size();
    int keyColumn = heads.querySize() + kv * size;
    int valueColumn = keyColumn + heads.keyValueSize();
    int blocks = (length + AttentionScratch.QUERY_BLOCK - 1) / AttentionScratch.QUERY_BLOCK;
    float scale = (float) heads.scale();
    for (int block = blocks - 1; block >= 0; block--) {
      int first = block * AttentionScratch.QUERY_BLOCK;
      int m = Math.min(AttentionScratch.QUERY_BLOCK, length - first);
      int low = heads.scores().firstKey(first);
      int keys = first + m - low;
      float beta = block == blocks - 1 ? betaOfFirst : 1;
      int row0 = start + first;
      scores(heads, head, keyColumn, start, first, low, m, qkv, s);
      // dP = dOut v^T
      s.multiply(
          CblasNoTrans,
          dOut.address(row0, head * size),
          dOut.stride(),
          CblasTrans,
          qkv.address(start + low, valueColumn),
          qkv.stride(),
          m,
          keys,
          size,
          1,
          0,
          s.gradients.address(0, 0),
          s.gradients.stride());
      for (int r = 0; r < m; r++) {
        int from = heads.scores().firstKey(first + r) - low;
        int visible = first + r + 1 - low - from;
        scoreGradients(heads, head, row0 + r, r, from, visible, keys, dOut, out, logSums, s);
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
          dQkv.address(start + low, valueColumn),
          dQkv.stride());
      // dQ = dS k / sqrt S, dK += dS^T q / sqrt S
      s.multiply(
          CblasNoTrans,
          s.gradients.address(0, 0),
          s.gradients.stride(),
          CblasNoTrans,
          qkv.address(start + low, keyColumn),
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
          dQkv.address(start + low, keyColumn),
          dQkv.stride());
    }
  }

  /** Row r of scores becomes P; row r of gradients becomes dS = P (dP - sum(dOut out)). */
  private static void scoreGradients(
      Heads heads,
      int head,
      int row,
      int r,
      int from,
      int visible,
      int keys,
      HeapMatrix dOut,
      HeapMatrix out,
      HeapMatrix logSums,
      AttentionScratch s) {
    int size = heads.size();
    dOut.get(row, head * size, s.row, 0, size);
    out.get(row, head * size, s.other, 0, size);
    float mean = FloatRows.dot(s.row, s.other, size);
    s.scores.get(r, from, s.row, 0, visible);
    s.cap(heads.scores(), visible);
    if (heads.scores().softCap().isPresent()) {
      System.arraycopy(s.row, 0, s.other, 0, visible);
    }
    s.exponentials(logSums.get(row, head), visible);
    s.gradients.get(r, from, s.third, 0, visible);
    multiplyShifted(s.third, mean, s.row, visible);
    if (heads.scores().softCap().isPresent()) {
      float cap = (float) heads.scores().softCap().getAsDouble();
      FloatCap.multiplySlopes(cap, s.other, s.third, visible);
    }
    Arrays.fill(s.row, visible, keys - from, 0);
    Arrays.fill(s.third, visible, keys - from, 0);
    s.scores.put(r, 0, HIDDEN, 0, from);
    s.gradients.put(r, 0, HIDDEN, 0, from);
    s.scores.put(r, from, s.row, 0, keys - from);
    s.gradients.put(r, from, s.third, 0, keys - from);
  }

  private static void multiplyShifted(float[] x, float shift, float[] factor, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = (x[i] - shift) * factor[i];
    }
  }
}
