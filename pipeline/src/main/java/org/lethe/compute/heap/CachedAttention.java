package org.lethe.compute.heap;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lethe.compute.Heads;

/**
 * Attention of new tokens to cached keys and values, in FLOAT on the CPU. One task is one key/value
 * head of a run of new tokens that follow each other in one sequence.
 */
final class CachedAttention {
  private final Workers workers;
  private final AttentionScratch[] scratch;

  CachedAttention(Workers workers) {
    this.workers = workers;
    scratch = new AttentionScratch[workers.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new AttentionScratch();
    }
  }

  /**
   * Keys and values of the sequences.
   *
   * @param rows all sequences, [slots * capacity, 2 K S]
   */
  private record Cache(HeapMatrix rows, int capacity) {
    long keys(int slot, int position, int kv, Heads heads) {
      return rows.address(slot * capacity + position, kv * heads.size());
    }

    long values(int slot, int position, int kv, Heads heads) {
      return rows.address(slot * capacity + position, heads.keyValueSize() + kv * heads.size());
    }
  }

  /**
   * New tokens that follow each other in one sequence.
   *
   * @param row first row
   * @param position position of the first token
   */
  private record Run(int row, int count, int slot, int position) {
    static List<Run> of(int[] slots, int[] lengths) {
      List<Run> runs = new ArrayList<>();
      for (int row = 0; row < slots.length; ) {
        int count = 1;
        while (count < AttentionScratch.QUERY_BLOCK
            && row + count < slots.length
            && slots[row + count] == slots[row]
            && lengths[row + count] == lengths[row] + count) {
          count++;
        }
        runs.add(new Run(row, count, slots[row], lengths[row] - 1));
        row += count;
      }
      return runs;
    }
  }

  /** As {@link org.lethe.compute.Compute#attendCached}. */
  void attend(
      Heads heads,
      HeapMatrix qkv,
      HeapMatrix keysAndValues,
      int capacity,
      int[] slots,
      int[] lengths,
      HeapMatrix out) {
    Cache cache = new Cache(keysAndValues, capacity);
    List<Run> runs = Run.of(slots, lengths);
    workers.run(
        runs.size() * heads.keyValue(),
        (task, worker) -> {
          Run run = runs.get(task / heads.keyValue());
          int kv = task % heads.keyValue();
          AttentionScratch s = scratch[worker];
          s.cover(run.position() + run.count(), heads.size());
          if (run.count() == 1) {
            one(heads, kv, run, qkv, cache, out, s);
          } else {
            for (int g = 0; g < heads.group(); g++) {
              several(heads, kv * heads.group() + g, kv, run, qkv, cache, out, s);
            }
          }
        });
  }

  /**
   * One new token. The heads of a group are the rows of one small product, [group, S] [S, keys].
   */
  private static void one(
      Heads heads,
      int kv,
      Run run,
      HeapMatrix qkv,
      Cache cache,
      HeapMatrix out,
      AttentionScratch s) {
    int size = heads.size();
    int group = heads.group();
    if (group > AttentionScratch.QUERY_BLOCK) {
      throw new IllegalArgumentException("Invalid group of heads: " + group);
    }
    int low = heads.scores().firstKey(run.position());
    int keys = run.position() + 1 - low;
    s.multiply(
        CblasNoTrans,
        qkv.address(run.row(), kv * group * size),
        size,
        CblasTrans,
        cache.keys(run.slot(), low, kv, heads),
        cache.rows().stride(),
        group,
        keys,
        size,
        (float) heads.scale(),
        0,
        s.scores.address(0, 0),
        s.scores.stride());
    for (int g = 0; g < group; g++) {
      s.scores.get(g, 0, s.row, 0, keys);
      s.cap(heads.scores(), keys);
      s.probabilities(keys);
      s.scores.put(g, 0, s.row, 0, keys);
    }
    s.multiply(
        CblasNoTrans,
        s.scores.address(0, 0),
        s.scores.stride(),
        CblasNoTrans,
        cache.values(run.slot(), low, kv, heads),
        cache.rows().stride(),
        group,
        size,
        keys,
        1,
        0,
        out.address(run.row(), kv * group * size),
        size);
  }

  /** Several new tokens under one query head. The tokens are the rows of the products. */
  private static void several(
      Heads heads,
      int head,
      int kv,
      Run run,
      HeapMatrix qkv,
      Cache cache,
      HeapMatrix out,
      AttentionScratch s) {
    int size = heads.size();
    int low = heads.scores().firstKey(run.position());
    int keys = run.position() + run.count() - low;
    s.multiply(
        CblasNoTrans,
        qkv.address(run.row(), head * size),
        qkv.stride(),
        CblasTrans,
        cache.keys(run.slot(), low, kv, heads),
        cache.rows().stride(),
        run.count(),
        keys,
        size,
        (float) heads.scale(),
        0,
        s.scores.address(0, 0),
        s.scores.stride());
    for (int r = 0; r < run.count(); r++) {
      int from = heads.scores().firstKey(run.position() + r) - low;
      int visible = run.position() + r + 1 - low - from;
      s.scores.get(r, from, s.row, 0, visible);
      s.cap(heads.scores(), visible);
      s.probabilities(visible);
      Arrays.fill(s.row, visible, keys - from, 0);
      s.scores.put(r, from, s.row, 0, keys - from);
      Arrays.fill(s.row, 0, from, 0);
      s.scores.put(r, 0, s.row, 0, from);
    }
    s.multiply(
        CblasNoTrans,
        s.scores.address(0, 0),
        s.scores.stride(),
        CblasNoTrans,
        cache.values(run.slot(), low, kv, heads),
        cache.rows().stride(),
        run.count(),
        size,
        keys,
        1,
        0,
        out.address(run.row(), head * size),
        out.stride());
  }
}
