package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.BlockLayer.Weights;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Buffers.Slot;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One decoder block of the Llama architecture (Touvron et al., arXiv 2302.13971, section 2.2):
 * middle = x + attention(norm(x)), out = middle + mlp(norm(middle)).
 */
final class BlockLayer extends DecoderLayer<Weights> {
  private static final long serialVersionUID = 1L;

  private static final List<Projection> QKV =
      List.of(Projection.QUERY, Projection.KEY, Projection.VALUE);
  private static final List<Projection> OUTPUT = List.of(Projection.OUTPUT);
  private static final List<Projection> GATE_UP = List.of(Projection.GATE, Projection.UP);
  private static final List<Projection> DOWN = List.of(Projection.DOWN);
  private static final List<List<Projection>> FUSED = List.of(QKV, OUTPUT, GATE_UP, DOWN);

  /**
   * The block's weights, fused where one product can serve several projections.
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
      Parts inputNorm,
      Parts qkv,
      Parts qkvBias,
      Parts output,
      Parts outputBias,
      Parts middleNorm,
      Parts gateUp,
      Parts gateUpBias,
      Parts down,
      Parts downBias) {}

  /** Whether anything in front of a block is trained, for which gradients have to go on. */
  enum Before {
    TRAINED,
    FROZEN
  }

  private final transient DecoderConfig config;
  private final transient int block;
  private final transient Rotary rotary;
  private final transient Optional<LowRank> lowRank;
  private final transient Before before;
  private final transient Heads heads;

  BlockLayer(
      NeuralNetConfiguration conf,
      Backend backend,
      DecoderConfig config,
      int block,
      Rotary rotary,
      Optional<LowRank> lowRank,
      Before before) {
    super(conf, backend);
    this.config = config;
    this.block = block;
    this.rotary = rotary;
    this.lowRank = lowRank;
    this.before = before;
    this.heads = new Heads(config.heads(), config.keyValueHeads(), config.headSize());
  }

  /** In the order that makes neighbours of what is multiplied together. */
  static List<Tensor> tensors(DecoderConfig config, int block) {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(inputNorm(config, block));
    for (List<Projection> fused : FUSED) {
      if (fused.contains(Projection.GATE)) {
        tensors.add(middleNorm(config, block));
      }
      tensors.addAll(weights(config, block, fused));
      tensors.addAll(biases(config, block, fused));
    }
    return tensors;
  }

  private static Tensor inputNorm(DecoderConfig config, int block) {
    return Tensor.vector(prefix(block) + "input_layernorm.weight", config.hiddenSize());
  }

  private static Tensor middleNorm(DecoderConfig config, int block) {
    return Tensor.vector(prefix(block) + "post_attention_layernorm.weight", config.hiddenSize());
  }

  private static List<Tensor> weights(
      DecoderConfig config, int block, List<Projection> projections) {
    return projections.stream()
        .map(p -> Tensor.matrix(weight(block, p), p.outputs(config), p.inputs(config)))
        .toList();
  }

  private static List<Tensor> biases(
      DecoderConfig config, int block, List<Projection> projections) {
    return projections.stream()
        .filter(p -> p.hasBias(config))
        .map(p -> Tensor.vector(bias(block, p), p.outputs(config)))
        .toList();
  }

  private static String prefix(int block) {
    return "model.layers." + block + ".";
  }

  static String weight(int block, Projection projection) {
    return prefix(block) + projection.path() + ".weight";
  }

  private static String bias(int block, Projection projection) {
    return prefix(block) + projection.path() + ".bias";
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(
        cut.parts(List.of(inputNorm(config, block))),
        cut.parts(weights(config, block, QKV)),
        cut.parts(biases(config, block, QKV)),
        cut.parts(weights(config, block, OUTPUT)),
        cut.parts(biases(config, block, OUTPUT)),
        cut.parts(List.of(middleNorm(config, block))),
        cut.parts(weights(config, block, GATE_UP)),
        cut.parts(biases(config, block, GATE_UP)),
        cut.parts(weights(config, block, DOWN)),
        cut.parts(biases(config, block, DOWN)));
  }

  @Override
  Map<Projection, LowRank.Factors> factors(TensorCut cut) {
    return lowRank.map(factors -> factors.factors(cut)).orElse(Map.of());
  }

  @Override
  Matrix received(INDArray given, Pass pass) {
    return copied(given, pass.buffers().slot(block, pass.kind()).input.top(pass.count()));
  }

  @Override
  Matrix forward(Matrix x, Pass pass) {
    return finish(
        x,
        pass,
        slot ->
            pass.compute()
                .attend(
                    heads,
                    pass.rows().starts(),
                    slot.qkv.top(x.rows()),
                    slot.logSums.top(x.rows()),
                    slot.attended.top(x.rows())));
  }

  /**
   * Forward for prompts, which also fills the cache.
   *
   * @param slots cache slot of each sequence
   */
  Matrix prefill(Matrix x, Pass pass, KeyValueCache cache, int[] slots) {
    int n = x.rows();
    return finish(
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
                    cache.rows(block, slots[b], 0, rows.length(b)));
          }
          pass.compute()
              .attend(heads, rows.starts(), qkv, slot.logSums.top(n), slot.attended.top(n));
        });
  }

  /** Forward for one new token per sequence; positions are those of the pass. */
  Matrix step(Matrix x, Pass pass, KeyValueCache cache, int[] slots) {
    int n = x.rows();
    int[] positions = pass.rows().positions();
    return finish(
        x,
        pass,
        slot -> {
          Matrix qkv = slot.qkv.top(n);
          Matrix keysAndValues = qkv.columns(heads.querySize(), 2 * heads.keyValueSize());
          int[] lengths = new int[n];
          for (int row = 0; row < n; row++) {
            lengths[row] = positions[row] + 1;
            pass.compute()
                .copy(keysAndValues.rows(row, 1), cache.rows(block, slots[row], positions[row], 1));
          }
          pass.compute()
              .attendCached(
                  heads,
                  qkv,
                  cache.block(block),
                  cache.capacity(),
                  slots,
                  lengths,
                  slot.attended.top(n));
        });
  }

  /** How attention is done between the projections. */
  private interface Attention {
    void run(Slot slot);
  }

  private Matrix finish(Matrix x, Pass pass, Attention attention) {
    Compute c = pass.compute();
    Weights w = weights();
    int n = x.rows();
    Slot s = pass.buffers().slot(block, pass.kind());
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Matrix qkv = s.qkv.top(n); // [N, E]
    Matrix middle = s.middle.top(n); // [N, D]
    Matrix gateUp = s.gateUp.top(n); // [N, 2 F]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix out = pass.buffers().after(block, pass.kind()).top(n); // [N, D]

    c.normalize(x, w.inputNorm().whole(), config.normEpsilon(), s.inputInverse.top(n), normed);
    Parts.project(c, normed, w.qkv(), w.qkvBias(), 0, qkv);
    adapt(normed, qkv, pass, QKV);
    c.rotate(rotated(qkv), rotary.tables(), pass.rows().positions(), Turn.FORWARD);
    attention.run(s);
    c.copy(x, middle);
    Parts.project(c, s.attended.top(n), w.output(), w.outputBias(), 1, middle);
    adapt(s.attended.top(n), middle, pass, OUTPUT);

    c.normalize(
        middle, w.middleNorm().whole(), config.normEpsilon(), s.middleInverse.top(n), normed);
    Parts.project(c, normed, w.gateUp(), w.gateUpBias(), 0, gateUp);
    adapt(normed, gateUp, pass, GATE_UP);
    c.gate(gateUp, activated);
    c.copy(middle, out);
    Parts.project(c, activated, w.down(), w.downBias(), 1, out);
    adapt(activated, out, pass, DOWN);
    return out;
  }

  /** Queries and keys: what carries positions. */
  private Matrix rotated(Matrix qkv) {
    return qkv.columns(0, heads.querySize() + heads.keyValueSize());
  }

  /** Adds the LoRA terms of projections whose outputs stand side by side in y. */
  private void adapt(Matrix x, Matrix y, Pass pass, List<Projection> projections) {
    int column = 0;
    for (Projection p : projections) {
      int width = p.outputs(config);
      LowRank.Factors f = factors().get(p);
      if (f != null) {
        lowRank.orElseThrow().forward(p, f, x, y.columns(column, width), pass);
      }
      column += width;
    }
  }

  /**
   * dOut becomes dX. Mirrors the forward pass from the last line up; normed inputs and the SwiGLU
   * output are made again rather than kept. Where nothing in front is trained, it ends at the first
   * weight that is, and what it returns means nothing.
   */
  @Override
  Matrix backward(Matrix dOut, Pass pass) {
    Compute c = pass.compute();
    Weights w = weights();
    Weights g = weightGradients();
    int n = dOut.rows();
    Slot s = pass.buffers().slot(block, PassKind.TRAINING);
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Matrix dNormed = pass.buffers().dNormed(n); // [N, D]
    Matrix gateUp = s.gateUp.top(n); // [N, 2 F]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix dActivated = pass.buffers().dActivated(n); // [N, F]
    Matrix attended = s.attended.top(n); // [N, H S]
    Matrix dAttended = pass.buffers().dAttended(n); // [N, H S]
    Matrix dQkv = pass.buffers().dQkv(n); // [N, E]
    boolean trainsQkv = trains(g.qkv(), g.qkvBias(), QKV) || !g.inputNorm().isEmpty();
    boolean goesToX = before == Before.TRAINED;
    boolean goesToQkv = goesToX || trainsQkv;
    boolean goesToMiddle = goesToQkv || trains(g.output(), g.outputBias(), OUTPUT);
    boolean goesToGateUp =
        goesToMiddle || trains(g.gateUp(), g.gateUpBias(), GATE_UP) || !g.middleNorm().isEmpty();

    // out = middle + down(silu(gate) up): dOut passes on to middle as it is.
    if (!goesToGateUp) {
      c.gate(gateUp, activated);
      adaptBackward(activated, dOut, dActivated, pass, DOWN);
      Parts.addGradients(c, dOut, activated, g.down(), g.downBias());
      return dOut;
    }
    Parts.projectBackward(c, dOut, w.down(), dActivated);
    if (factors().containsKey(Projection.DOWN)) {
      c.gate(gateUp, activated);
      adaptBackward(activated, dOut, dActivated, pass, DOWN);
    }
    c.gateBackward(dActivated, gateUp, activated); // gateUp is dGateUp from here on
    Parts.addGradients(c, dOut, activated, g.down(), g.downBias());

    // gateUp = norm(middle) W^T
    Matrix middle = s.middle.top(n);
    Matrix middleInverse = s.middleInverse.top(n);
    Parts.projectBackward(c, gateUp, w.gateUp(), dNormed);
    if (trains(g.gateUp(), g.gateUpBias(), GATE_UP)) {
      c.renormalize(middle, w.middleNorm().whole(), middleInverse, normed);
      adaptBackward(normed, gateUp, dNormed, pass, GATE_UP);
      Parts.addGradients(c, gateUp, normed, g.gateUp(), g.gateUpBias());
    }
    g.middleNorm()
        .forEach(v -> c.normalizeWeightGradient(dNormed, middle, middleInverse, v.matrix()));
    if (!goesToMiddle) {
      return dOut;
    }
    c.normalizeBackward(dNormed, middle, w.middleNorm().whole(), middleInverse, dOut);

    // middle = x + attended W^T: dOut, now dMiddle, passes on to x as it is.
    Parts.projectBackward(c, dOut, w.output(), dAttended);
    adaptBackward(attended, dOut, dAttended, pass, OUTPUT);
    Parts.addGradients(c, dOut, attended, g.output(), g.outputBias());
    if (!goesToQkv) {
      return dOut;
    }
    c.attendBackward(
        heads, pass.rows().starts(), dAttended, s.qkv.top(n), s.logSums.top(n), attended, dQkv);
    c.rotate(rotated(dQkv), rotary.tables(), pass.rows().positions(), Turn.BACKWARD);

    // qkv = norm(x) W^T
    Matrix x = s.input.top(n);
    Matrix inputInverse = s.inputInverse.top(n);
    Parts.projectBackward(c, dQkv, w.qkv(), dNormed);
    if (trainsQkv) {
      c.renormalize(x, w.inputNorm().whole(), inputInverse, normed);
      adaptBackward(normed, dQkv, dNormed, pass, QKV);
      Parts.addGradients(c, dQkv, normed, g.qkv(), g.qkvBias());
      g.inputNorm().forEach(v -> c.normalizeWeightGradient(dNormed, x, inputInverse, v.matrix()));
    }
    if (goesToX) {
      c.normalizeBackward(dNormed, x, w.inputNorm().whole(), inputInverse, dOut);
    }
    return dOut;
  }

  private boolean trains(Parts dWeight, Parts dBias, List<Projection> projections) {
    return !dWeight.isEmpty()
        || !dBias.isEmpty()
        || projections.stream().anyMatch(factors()::containsKey);
  }

  private void adaptBackward(
      Matrix x, Matrix dY, Matrix dX, Pass pass, List<Projection> projections) {
    int column = 0;
    for (Projection p : projections) {
      int width = p.outputs(config);
      LowRank.Factors f = factors().get(p);
      if (f != null) {
        lowRank
            .orElseThrow()
            .backward(p, f, factorGradients().get(p), x, dY.columns(column, width), dX, pass);
      }
      column += width;
    }
  }
}
