package org.lethe.compute.array;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.lethe.compute.Heads;
import org.lethe.compute.Scores;
import org.lethe.compute.array.ArrayProducts.Operands;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Attention for one sequence at a time, with one product over all its heads. The backward pass
 * recomputes the probabilities.
 */
final class ArrayAttention {
  /** Most bytes of scores at a time, unless one key/value head needs more. */
  private static final long SCORE_BYTES = 64L << 20;

  /** Added to the scores of later positions, so that their probability becomes 0. */
  private static final double HIDDEN = -1e30;

  private final Map<OptionalInt, INDArray> masks = new HashMap<>(); // by window, [longest, longest]

  /** Heads that are computed together: a range of key/value heads and their query heads. */
  private record HeadRange(int first, int count, int group) {
    /**
     * The g-th query head of each key/value head, [count, T, S]. A view made by reshape, because
     * intervals with a stride are wrong in ND4J M2.1.
     *
     * @param heads all query heads, [H, T, S]
     */
    INDArray queries(INDArray heads, int g) {
      return grouped(heads).get(interval(first, first + count), point(g), all(), all());
    }

    /** As {@link #queries}, for an array that holds only the query heads of this range. */
    INDArray ownQueries(INDArray heads, int g) {
      return grouped(heads).get(all(), point(g), all(), all());
    }

    private INDArray grouped(INDArray heads) {
      return heads.reshape('c', heads.size(0) / group, group, heads.size(1), heads.size(2));
    }

    /** Keys, values or their gradients, [count, T, S]. */
    INDArray keyValues(INDArray heads) {
      return heads.get(interval(first, first + count), all(), all());
    }
  }

  /** Views of queries, [H, T, S], keys and values, [K, T, S], or of their gradients. */
  private record Projections(INDArray queries, INDArray keys, INDArray values) {
    static Projections of(Heads heads, ArrayMatrix qkv) {
      return new Projections(
          byHead(qkv.columns(0, heads.querySize()), heads),
          byHead(qkv.columns(heads.querySize(), heads.keyValueSize()), heads),
          byHead(
              qkv.columns(heads.querySize() + heads.keyValueSize(), heads.keyValueSize()), heads));
    }
  }

  /** All heads of a range of rows, [heads, T, S]. */
  private static INDArray byHead(ArrayMatrix window, Heads heads) {
    return window.heads(heads.size()).permute(1, 0, 2);
  }

  void forward(Heads heads, int[] starts, ArrayMatrix qkv, ArrayMatrix out) {
    for (int b = 0; b < starts.length - 1; b++) {
      int length = starts[b + 1] - starts[b];
      Projections sequence = Projections.of(heads, qkv.rows(starts[b], length));
      INDArray result = byHead(out.rows(starts[b], length), heads);
      coverMask(heads.scores(), length, qkv.type());
      for (int first = 0; first < heads.keyValue(); ) {
        HeadRange range = range(heads, first, length, qkv.type());
        try (MemoryWorkspace temporaries = Temporaries.open()) {
          INDArray scores = scores(heads, sequence, range);
          cap(heads.scores(), scores);
          INDArray p = probabilities(heads, scores);
          for (int g = 0; g < range.group; g++) {
            ArrayProducts.multiply(
                Operands.AS_ARE,
                range.ownQueries(p, g),
                range.keyValues(sequence.values),
                1,
                0,
                range.queries(result, g));
          }
        }
        first += range.count;
      }
    }
  }

  void backward(Heads heads, int[] starts, ArrayMatrix dOut, ArrayMatrix qkv, ArrayMatrix dQkv) {
    for (int b = 0; b < starts.length - 1; b++) {
      int length = starts[b + 1] - starts[b];
      Projections sequence = Projections.of(heads, qkv.rows(starts[b], length));
      Projections dSequence = Projections.of(heads, dQkv.rows(starts[b], length));
      INDArray d = byHead(dOut.rows(starts[b], length), heads);
      coverMask(heads.scores(), length, qkv.type());
      for (int first = 0; first < heads.keyValue(); ) {
        HeadRange range = range(heads, first, length, qkv.type());
        try (MemoryWorkspace temporaries = Temporaries.open()) {
          backward(heads, range, d, sequence, dSequence);
        }
        first += range.count;
      }
    }
  }

  private void backward(
      Heads heads, HeadRange range, INDArray d, Projections sequence, Projections dSequence) {
    INDArray scores = scores(heads, sequence, range);
    Optional<INDArray> slopes = capSlopes(heads.scores(), scores);
    INDArray p = probabilities(heads, scores);
    INDArray dScores = Nd4j.createUninitialized(p.dataType(), p.shape());
    for (int g = 0; g < range.group; g++) {
      INDArray dHeads = range.queries(d, g);
      ArrayProducts.multiply(
          Operands.SECOND_TRANSPOSED,
          dHeads,
          range.keyValues(sequence.values),
          1,
          0,
          range.ownQueries(dScores, g));
      ArrayProducts.multiply(
          Operands.FIRST_TRANSPOSED,
          range.ownQueries(p, g),
          dHeads,
          1,
          g == 0 ? 0 : 1,
          range.keyValues(dSequence.values));
    }
    dScores.subi(ArrayProducts.rowProducts(p, dScores)).muli(p);
    slopes.ifPresent(dScores::muli);
    double scale = heads.scale();
    for (int g = 0; g < range.group; g++) {
      INDArray dGroup = range.ownQueries(dScores, g);
      ArrayProducts.multiply(
          Operands.AS_ARE,
          dGroup,
          range.keyValues(sequence.keys),
          scale,
          0,
          range.queries(dSequence.queries, g));
      ArrayProducts.multiply(
          Operands.FIRST_TRANSPOSED,
          dGroup,
          range.queries(sequence.queries, g),
          scale,
          g == 0 ? 0 : 1,
          range.keyValues(dSequence.keys));
    }
  }

  private static HeadRange range(Heads heads, int first, int length, DataType type) {
    long each = (long) heads.group() * length * length * type.width();
    int count = (int) Math.max(1, Math.min(heads.keyValue() - first, SCORE_BYTES / each));
    return new HeadRange(first, count, heads.group());
  }

  /** Scores before the cap, [heads of the range, T, T]. */
  private static INDArray scores(Heads heads, Projections sequence, HeadRange range) {
    INDArray queries = sequence.queries;
    long length = queries.size(1);
    INDArray scores =
        Nd4j.createUninitialized(
            queries.dataType(), (long) range.count * range.group, length, length);
    for (int g = 0; g < range.group; g++) {
      ArrayProducts.multiply(
          Operands.SECOND_TRANSPOSED,
          range.queries(sequence.queries, g),
          range.keyValues(sequence.keys),
          heads.scale(),
          0,
          range.ownQueries(scores, g));
    }
    return scores;
  }

  private static void cap(Scores form, INDArray scores) {
    if (form.softCap().isPresent()) {
      double cap = form.softCap().getAsDouble();
      Transforms.tanh(scores.divi(cap), false);
      scores.muli(cap);
    }
  }

  /** Caps the scores, and returns the slopes of the cap if there is one. */
  private static Optional<INDArray> capSlopes(Scores form, INDArray scores) {
    cap(form, scores);
    if (form.softCap().isEmpty()) {
      return Optional.empty();
    }
    INDArray share = scores.div(form.softCap().getAsDouble());
    return Optional.of(share.muli(share).rsubi(1));
  }

  /** Turns scores into probabilities, zero for positions that a query does not see. */
  private INDArray probabilities(Heads heads, INDArray scores) {
    long length = scores.size(1);
    INDArray mask = masks.get(heads.scores().window());
    scores.addi(mask.get(interval(0, length), interval(0, length)));
    Nd4j.exec(new SoftMax(scores, scores, -1));
    return scores;
  }

  /** Grows the mask of a window to the longest sequence so far. */
  private void coverMask(Scores form, int length, DataType type) {
    INDArray old = masks.get(form.window());
    if (old != null && old.size(0) >= length) {
      return;
    }
    float[] hidden = new float[length * length];
    for (int t = 0; t < length; t++) {
      Arrays.fill(hidden, t * length, t * length + form.firstKey(t), (float) HIDDEN);
      Arrays.fill(hidden, t * length + t + 1, (t + 1) * length, (float) HIDDEN);
    }
    if (old != null) {
      old.close();
    }
    INDArray kept = Nd4j.createUninitializedDetached(type, length, length);
    HostCopies.write(hidden, 0, kept);
    masks.put(form.window(), kept);
  }

  /** As {@link org.lethe.compute.Compute#attendCached}. */
  void cached(
      Heads heads,
      ArrayMatrix qkv,
      ArrayMatrix cache,
      int capacity,
      int[] slots,
      int[] lengths,
      ArrayMatrix out) {
    int keyValue = heads.keyValue();
    long[] byKeyValue = {keyValue, heads.group(), heads.size()};
    for (int n = 0; n < slots.length; n++) {
      try (MemoryWorkspace temporaries = Temporaries.open()) {
        int low = heads.scores().firstKey(lengths[n] - 1);
        int count = lengths[n] - low;
        INDArray past = byHead(cache.rows(slots[n] * capacity + low, count), heads);
        INDArray keys = past.get(interval(0, keyValue), all(), all());
        INDArray values = past.get(interval(keyValue, 2 * keyValue), all(), all());
        INDArray query = qkv.rows(n, 1).columns(0, heads.querySize()).array();
        INDArray p = Nd4j.createUninitialized(qkv.type(), keyValue, heads.group(), count);
        ArrayProducts.multiply(
            Operands.SECOND_TRANSPOSED, query.reshape('c', byKeyValue), keys, heads.scale(), 0, p);
        cap(heads.scores(), p);
        Nd4j.exec(new SoftMax(p, p, -1));
        INDArray result = Nd4j.createUninitialized(qkv.type(), byKeyValue);
        ArrayProducts.multiply(Operands.AS_ARE, p, values, 1, 0, result);
        out.rows(n, 1).array().assign(result.reshape('c', 1, heads.querySize()));
      }
    }
  }
}
