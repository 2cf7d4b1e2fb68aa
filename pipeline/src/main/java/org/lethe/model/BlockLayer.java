package org.lethe.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Buffers.Slot;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.FusedLinear;
import org.lethe.model.architecture.Linear;
import org.lethe.model.architecture.RmsNorm;
import org.lethe.model.architecture.TensorSpec;

/**
 * Computes one {@link Block}: middle = x + attention(norm(x)), out = middle + mlp(norm(middle)).
 *
 * <p>Shapes in comments: N rows of the batch, D residual stream, E query, key and value together, H
 * query heads of S elements, F feed-forward width.
 */
final class BlockLayer extends DecoderLayer<BlockLayer.Weights> {
  /**
   * The block's weights, fused where one product serves several projections.
   *
   * @param inputNorm [1, D]
   * @param qkv [E, D]
   * @param qkvBias [1, E]
   * @param output [D, H S]
   * @param outputBias [1, D]
   * @param middleNorm [1, D]
   * @param gateUp [2 F, D]
   * @param gateUpBias [1, 2 F]
   * @param down [D, F]
   * @param downBias [1, D]
   */
  record Weights(
      WeightSlices inputNorm,
      WeightSlices qkv,
      WeightSlices qkvBias,
      WeightSlices output,
      WeightSlices outputBias,
      WeightSlices middleNorm,
      WeightSlices gateUp,
      WeightSlices gateUpBias,
      WeightSlices down,
      WeightSlices downBias) {}

  /** Whether anything below a block is trained, so that gradients must reach its input. */
  enum Below {
    TRAINED,
    FROZEN
  }

  private final Block block;
  private final FusedLinear qkvMaps;
  private final FusedLinear outputMap;
  private final FusedLinear gateUpMaps;
  private final FusedLinear downMap;
  private final Heads heads;
  private final Rotary rotary;
  private final Optional<LowRank> lowRank;
  private final Below below;

  BlockLayer(
      Block block,
      List<TensorSpec> trained,
      Backend backend,
      Rotary rotary,
      Optional<LowRank> lowRank,
      Below below) {
    super(block.tensors(), trained, backend);
    this.block = block;
    qkvMaps = block.attention().queryKeyValue();
    outputMap = block.attention().output();
    gateUpMaps = block.feedForward().gateUp();
    downMap = block.feedForward().down();
    heads = block.attention().heads();
    this.rotary = rotary;
    this.lowRank = lowRank;
    this.below = below;
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(
        norm(cut, block.inputNorm()),
        cut.slices(qkvMaps.weights()),
        cut.slices(qkvMaps.biases()),
        cut.slices(outputMap.weights()),
        cut.slices(outputMap.biases()),
        norm(cut, block.middleNorm()),
        cut.slices(gateUpMaps.weights()),
        cut.slices(gateUpMaps.biases()),
        cut.slices(downMap.weights()),
        cut.slices(downMap.biases()));
  }

  private static WeightSlices norm(TensorCut cut, RmsNorm norm) {
    return cut.slices(List.of(norm.weight()));
  }

  @Override
  Map<String, LowRank.Factors> factors(TensorCut cut) {
    return lowRank.map(factors -> factors.factors(cut)).orElse(Map.of());
  }

  /** The block over whole sequences, [N, D] to [N, D]. */
  @Override
  Matrix forward(Matrix x, Pass pass) {
    int n = x.rows();
    return forward(
        x,
        pass,
        s ->
            pass.compute()
                .attend(
                    heads,
                    pass.rows().starts(),
                    s.qkv.top(n),
                    s.logSums.top(n),
                    s.attended.top(n)));
  }

  /** Attention between the projections: from the slot's qkv to its attended. */
  private interface AttentionStep {
    void run(Slot slot);
  }

  private Matrix forward(Matrix x, Pass pass, AttentionStep attention) {
    Compute c = pass.compute();
    Weights w = weights();
    int n = x.rows();
    Slot s = pass.buffers().slot(block.index(), pass.kind());
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Matrix qkv = s.qkv.top(n); // [N, E]
    Matrix middle = s.middle.top(n); // [N, D]
    Matrix gateUp = s.gateUp.top(n); // [N, 2 F]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix out = pass.buffers().after(block.index(), pass.kind()).top(n); // [N, D]

    // middle = x + attention(norm(x))
    normalize(c, x, w.inputNorm(), block.inputNorm(), s.inputInverse.top(n), normed);
    WeightSlices.project(c, normed, w.qkv(), w.qkvBias(), 0, qkv);
    addLowRank(normed, qkv, pass, qkvMaps);
    c.rotate(rotated(qkv), rotary.tables(), pass.rows().positions(), Turn.FORWARD);
    attention.run(s);
    c.copy(x, middle);
    WeightSlices.project(c, s.attended.top(n), w.output(), w.outputBias(), 1, middle);
    addLowRank(s.attended.top(n), middle, pass, outputMap);

    // out = middle + down(silu(gate) up)
    normalize(c, middle, w.middleNorm(), block.middleNorm(), s.middleInverse.top(n), normed);
    WeightSlices.project(c, normed, w.gateUp(), w.gateUpBias(), 0, gateUp);
    addLowRank(normed, gateUp, pass, gateUpMaps);
    c.gate(gateUp, activated);
    c.copy(middle, out);
    WeightSlices.project(c, activated, w.down(), w.downBias(), 1, out);
    addLowRank(activated, out, pass, downMap);
    return out;
  }

  private static void normalize(
      Compute c, Matrix x, WeightSlices weight, RmsNorm norm, Matrix inverse, Matrix normed) {
    c.normalize(x, weight.whole(), norm.epsilon(), inverse, normed);
  }

  /** Queries and keys, which carry positions. */
  private Matrix rotated(Matrix qkv) {
    return qkv.columns(0, heads.querySize() + heads.keyValueSize());
  }

  /** Adds the LoRA terms of maps whose outputs are side by side in y. */
  private void addLowRank(Matrix x, Matrix y, Pass pass, FusedLinear maps) {
    int column = 0;
    for (Linear map : maps.maps()) {
      LowRank.Factors f = factors().get(map.module());
      if (f != null) {
        Matrix columns = y.columns(column, map.outputs());
        lowRank.orElseThrow().forward(map, f, x, columns, pass);
      }
      column += map.outputs();
    }
  }

  /**
   * The backward pass: dOut becomes dX. Mirrors the forward pass from its last line up. Normed
   * inputs and the SwiGLU output are recomputed rather than kept. Stops at the lowest trained
   * weight if everything below is frozen; the return value is then undefined.
   */
  @Override
  Matrix backward(Matrix dOut, Pass pass) {
    Compute c = pass.compute();
    Weights w = weights();
    Weights g = weightGradients();
    int n = dOut.rows();
    Slot s = pass.buffers().slot(block.index(), PassKind.TRAINING);
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Matrix dNormed = pass.buffers().dNormed(n); // [N, D]
    Matrix gateUp = s.gateUp.top(n); // [N, 2 F]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix dActivated = pass.buffers().dActivated(n); // [N, F]
    Matrix attended = s.attended.top(n); // [N, H S]
    Matrix dAttended = pass.buffers().dAttended(n); // [N, H S]
    Matrix dQkv = pass.buffers().dQkv(n); // [N, E]
    boolean trainsQkv = trains(g.qkv(), g.qkvBias(), qkvMaps) || !g.inputNorm().isEmpty();
    boolean goesToX = below == Below.TRAINED;
    boolean goesToQkv = goesToX || trainsQkv;
    boolean goesToMiddle = goesToQkv || trains(g.output(), g.outputBias(), outputMap);
    boolean goesToGateUp =
        goesToMiddle || trains(g.gateUp(), g.gateUpBias(), gateUpMaps) || !g.middleNorm().isEmpty();

    // out = middle + down(silu(gate) up): dOut passes on to middle unchanged.
    if (!goesToGateUp) {
      c.gate(gateUp, activated);
      addLowRankBackward(activated, dOut, dActivated, pass, downMap);
      WeightSlices.addGradients(c, dOut, activated, g.down(), g.downBias());
      return dOut;
    }
    WeightSlices.projectBackward(c, dOut, w.down(), dActivated);
    if (hasFactors(downMap)) {
      c.gate(gateUp, activated);
      addLowRankBackward(activated, dOut, dActivated, pass, downMap);
    }
    c.gateBackward(dActivated, gateUp, activated); // gateUp is dGateUp from here on
    WeightSlices.addGradients(c, dOut, activated, g.down(), g.downBias());

    // gateUp = norm(middle) W^T
    Matrix middle = s.middle.top(n);
    Matrix middleInverse = s.middleInverse.top(n);
    WeightSlices.projectBackward(c, gateUp, w.gateUp(), dNormed);
    if (trains(g.gateUp(), g.gateUpBias(), gateUpMaps)) {
      c.renormalize(middle, w.middleNorm().whole(), middleInverse, normed);
      addLowRankBackward(normed, gateUp, dNormed, pass, gateUpMaps);
      WeightSlices.addGradients(c, gateUp, normed, g.gateUp(), g.gateUpBias());
    }
    g.middleNorm()
        .forEach(v -> c.normalizeWeightGradient(dNormed, middle, middleInverse, v.matrix()));
    if (!goesToMiddle) {
      return dOut;
    }
    c.normalizeBackward(dNormed, middle, w.middleNorm().whole(), middleInverse, dOut);

    // middle = x + attended W^T: dOut, now dMiddle, passes on to x unchanged.
    WeightSlices.projectBackward(c, dOut, w.output(), dAttended);
    addLowRankBackward(attended, dOut, dAttended, pass, outputMap);
    WeightSlices.addGradients(c, dOut, attended, g.output(), g.outputBias());
    if (!goesToQkv) {
      return dOut;
    }
    c.attendBackward(
        heads, pass.rows().starts(), dAttended, s.qkv.top(n), s.logSums.top(n), attended, dQkv);
    c.rotate(rotated(dQkv), rotary.tables(), pass.rows().positions(), Turn.BACKWARD);

    // qkv = norm(x) W^T
    Matrix x = s.input.top(n);
    Matrix inputInverse = s.inputInverse.top(n);
    WeightSlices.projectBackward(c, dQkv, w.qkv(), dNormed);
    if (trainsQkv) {
      c.renormalize(x, w.inputNorm().whole(), inputInverse, normed);
      addLowRankBackward(normed, dQkv, dNormed, pass, qkvMaps);
      WeightSlices.addGradients(c, dQkv, normed, g.qkv(), g.qkvBias());
      g.inputNorm().forEach(v -> c.normalizeWeightGradient(dNormed, x, inputInverse, v.matrix()));
    }
    if (goesToX) {
      c.normalizeBackward(dNormed, x, w.inputNorm().whole(), inputInverse, dOut);
    }
    return dOut;
  }

  private boolean trains(WeightSlices dWeight, WeightSlices dBias, FusedLinear maps) {
    return !dWeight.isEmpty() || !dBias.isEmpty() || hasFactors(maps);
  }

  private boolean hasFactors(FusedLinear maps) {
    return maps.maps().stream().anyMatch(map -> factors().containsKey(map.module()));
  }

  private void addLowRankBackward(Matrix x, Matrix dY, Matrix dX, Pass pass, FusedLinear maps) {
    int column = 0;
    for (Linear map : maps.maps()) {
      LowRank.Factors f = factors().get(map.module());
      if (f != null) {
        Matrix columns = dY.columns(column, map.outputs());
        LowRank.Factors g = factorGradients().get(map.module());
        lowRank.orElseThrow().backward(map, f, g, x, columns, dX, pass);
      }
      column += map.outputs();
    }
  }

  /**
   * The forward pass over prompts; also fills the cache.
   *
   * @param slots cache slot of each sequence
   */
  Matrix prefill(Matrix x, Pass pass, KeyValueCache cache, int[] slots) {
    int n = x.rows();
    return forward(
        x,
        pass,
        slot -> {
          Matrix qkv = slot.qkv.top(n);
          Matrix keysAndValues = qkv.columns(heads.querySize(), 2 * heads.keyValueSize());
          Rows rows = pass.rows();
          for (int b = 0; b < rows.batchSize(); b++) {
            pass.compute()
                .copy(
                    keysAndValues.rows(rows.starts()[b], rows.length(b)),
                    cache.rows(block.index(), slots[b], 0, rows.length(b)));
          }
          pass.compute()
              .attend(heads, rows.starts(), qkv, slot.logSums.top(n), slot.attended.top(n));
        });
  }

  /** Forward for one new token per sequence; positions are those of the pass. */
  Matrix step(Matrix x, Pass pass, KeyValueCache cache, int[] slots) {
    int n = x.rows();
    int[] positions = pass.rows().positions();
    return forward(
        x,
        pass,
        slot -> {
          Matrix qkv = slot.qkv.top(n);
          Matrix keysAndValues = qkv.columns(heads.querySize(), 2 * heads.keyValueSize());
          int[] lengths = new int[n];
          for (int row = 0; row < n; row++) {
            lengths[row] = positions[row] + 1;
            pass.compute()
                .copy(
                    keysAndValues.rows(row, 1),
                    cache.rows(block.index(), slots[row], positions[row], 1));
          }
          pass.compute()
              .attendCached(
                  heads,
                  qkv,
                  cache.block(block.index()),
                  cache.capacity(),
                  slots,
                  lengths,
                  slot.attended.top(n));
        });
  }
}
