package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.lethe.model.BlockLayer.Weights;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Buffers.Slot;
import org.lethe.model.Compute.Form;
import org.lethe.model.Compute.Heads;
import org.lethe.model.Compute.Turn;
import org.lethe.model.TensorCut.Tensor;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One decoder block of the Llama architecture (Touvron et al., arXiv 2302.13971, section 2.2):
 * middle = x + attention(norm(x)), out = middle + mlp(norm(middle)).
 */
final class BlockLayer extends DecoderLayer<Weights> {
  private static final long serialVersionUID = 1L;

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
      Matrix inputNorm,
      Matrix qkv,
      Optional<Matrix> qkvBias,
      Matrix output,
      Optional<Matrix> outputBias,
      Matrix middleNorm,
      Matrix gateUp,
      Optional<Matrix> gateUpBias,
      Matrix down,
      Optional<Matrix> downBias) {}

  private final transient DecoderConfig config;
  private final transient int block;
  private final transient Rotary rotary;
  private final transient Optional<LowRank> lowRank;
  private final transient Heads heads;

  BlockLayer(
      NeuralNetConfiguration conf,
      DataType type,
      DecoderConfig config,
      int block,
      Rotary rotary,
      Adapter adapter) {
    super(conf, type, tensors(config, block), adapter);
    this.config = config;
    this.block = block;
    this.rotary = rotary;
    this.lowRank =
        adapter instanceof Adapter.Lora lora
            ? Optional.of(new LowRank(block, lora))
            : Optional.empty();
    this.heads = new Heads(config.heads(), config.keyValueHeads(), config.headSize());
  }

  /** In the order that makes neighbours of what is multiplied together. */
  static List<Tensor> tensors(DecoderConfig config, int block) {
    int d = config.hiddenSize();
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(Tensor.vector(prefix(block) + "input_layernorm.weight", d));
    add(tensors, config, block, Projection.QUERY, Projection.KEY, Projection.VALUE);
    add(tensors, config, block, Projection.OUTPUT);
    tensors.add(Tensor.vector(prefix(block) + "post_attention_layernorm.weight", d));
    add(tensors, config, block, Projection.GATE, Projection.UP);
    add(tensors, config, block, Projection.DOWN);
    return tensors;
  }

  private static void add(
      List<Tensor> tensors, DecoderConfig config, int block, Projection... projections) {
    for (Projection p : projections) {
      tensors.add(Tensor.matrix(weight(block, p), p.outputs(config), p.inputs(config)));
    }
    for (Projection p : projections) {
      if (p.hasBias(config)) {
        tensors.add(Tensor.vector(bias(block, p), p.outputs(config)));
      }
    }
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
    int b = Integer.parseInt(cut.tensors().iterator().next().name().split("\\.")[2]);
    return new Weights(
        cut.matrix(prefix(b) + "input_layernorm.weight"),
        cut.fused(weight(b, Projection.QUERY), 3),
        bias(cut, b, Projection.QUERY, 3),
        cut.matrix(weight(b, Projection.OUTPUT)),
        bias(cut, b, Projection.OUTPUT, 1),
        cut.matrix(prefix(b) + "post_attention_layernorm.weight"),
        cut.fused(weight(b, Projection.GATE), 2),
        bias(cut, b, Projection.GATE, 2),
        cut.matrix(weight(b, Projection.DOWN)),
        bias(cut, b, Projection.DOWN, 1));
  }

  private static Optional<Matrix> bias(TensorCut cut, int block, Projection first, int count) {
    String name = bias(block, first);
    return cut.contains(name) ? Optional.of(cut.fused(name, count)) : Optional.empty();
  }

  @Override
  Map<Projection, LowRank.Factors> factors(TensorCut cut) {
    return lowRank.orElseThrow().factors(cut);
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
                    pass.rows(),
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
          pass.compute().attend(heads, rows, qkv, slot.logSums.top(n), slot.attended.top(n));
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

    c.normalize(x, w.inputNorm(), config.normEpsilon(), s.inputInverse.top(n), normed);
    project(c, normed, w.qkv(), w.qkvBias(), 0, qkv);
    adapt(normed, qkv, pass, Projection.QUERY, Projection.KEY, Projection.VALUE);
    c.rotate(rotated(qkv), rotary, pass.rows().positions(), Turn.FORWARD);
    attention.run(s);
    c.copy(x, middle);
    project(c, s.attended.top(n), w.output(), w.outputBias(), 1, middle);
    adapt(s.attended.top(n), middle, pass, Projection.OUTPUT);

    c.normalize(middle, w.middleNorm(), config.normEpsilon(), s.middleInverse.top(n), normed);
    project(c, normed, w.gateUp(), w.gateUpBias(), 0, gateUp);
    adapt(normed, gateUp, pass, Projection.GATE, Projection.UP);
    c.gate(gateUp, activated);
    c.copy(middle, out);
    project(c, activated, w.down(), w.downBias(), 1, out);
    adapt(activated, out, pass, Projection.DOWN);
    return out;
  }

  /** Queries and keys: what carries positions. */
  private Matrix rotated(Matrix qkv) {
    return qkv.columns(0, heads.querySize() + heads.keyValueSize());
  }

  /** y = x W^T + bias + beta y. */
  private static void project(
      Compute c, Matrix x, Matrix weight, Optional<Matrix> bias, double beta, Matrix y) {
    c.multiply(Form.AS_IS, x, Form.TRANSPOSED, weight, 1, beta, y);
    bias.ifPresent(b -> c.addRow(b, y));
  }

  /** Adds the LoRA terms of projections whose outputs stand side by side in y. */
  private void adapt(Matrix x, Matrix y, Pass pass, Projection... projections) {
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
   * output are made again rather than kept.
   */
  @Override
  Matrix backward(Matrix dOut, Pass pass) {
    Compute c = pass.compute();
    Weights w = weights();
    Optional<Weights> g = weightGradients();
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

    // out = middle + down(silu(gate) up): dOut passes on to middle as it is.
    boolean adaptsDown = factors().containsKey(Projection.DOWN);
    c.multiply(Form.AS_IS, dOut, Form.AS_IS, w.down(), 1, 0, dActivated);
    if (adaptsDown) {
      c.gate(gateUp, activated);
      adaptBackward(activated, dOut, dActivated, pass, Projection.DOWN);
    }
    c.gateBackward(dActivated, gateUp, activated); // gateUp is dGateUp from here on
    g.ifPresent(
        v -> {
          c.multiply(Form.TRANSPOSED, dOut, Form.AS_IS, activated, 1, 1, v.down());
          v.downBias().ifPresent(bias -> c.addColumnSums(dOut, bias));
        });

    // gateUp = norm(middle) W^T
    Matrix middle = s.middle.top(n);
    c.renormalize(middle, w.middleNorm(), s.middleInverse.top(n), normed);
    c.multiply(Form.AS_IS, gateUp, Form.AS_IS, w.gateUp(), 1, 0, dNormed);
    adaptBackward(normed, gateUp, dNormed, pass, Projection.GATE, Projection.UP);
    g.ifPresent(
        v -> {
          c.multiply(Form.TRANSPOSED, gateUp, Form.AS_IS, normed, 1, 1, v.gateUp());
          v.gateUpBias().ifPresent(bias -> c.addColumnSums(gateUp, bias));
          c.normalizeWeightGradient(dNormed, middle, s.middleInverse.top(n), v.middleNorm());
        });
    c.normalizeBackward(dNormed, middle, w.middleNorm(), s.middleInverse.top(n), dOut);

    // middle = x + attended W^T: dOut, now dMiddle, passes on to x as it is.
    c.multiply(Form.AS_IS, dOut, Form.AS_IS, w.output(), 1, 0, dAttended);
    adaptBackward(attended, dOut, dAttended, pass, Projection.OUTPUT);
    g.ifPresent(
        v -> {
          c.multiply(Form.TRANSPOSED, dOut, Form.AS_IS, attended, 1, 1, v.output());
          v.outputBias().ifPresent(bias -> c.addColumnSums(dOut, bias));
        });
    c.attendBackward(heads, pass.rows(), dAttended, s.qkv.top(n), s.logSums.top(n), attended, dQkv);
    c.rotate(rotated(dQkv), rotary, pass.rows().positions(), Turn.BACKWARD);

    // qkv = norm(x) W^T
    Matrix x = s.input.top(n);
    c.renormalize(x, w.inputNorm(), s.inputInverse.top(n), normed);
    c.multiply(Form.AS_IS, dQkv, Form.AS_IS, w.qkv(), 1, 0, dNormed);
    adaptBackward(normed, dQkv, dNormed, pass, Projection.QUERY, Projection.KEY, Projection.VALUE);
    g.ifPresent(
        v -> {
          c.multiply(Form.TRANSPOSED, dQkv, Form.AS_IS, normed, 1, 1, v.qkv());
          v.qkvBias().ifPresent(bias -> c.addColumnSums(dQkv, bias));
          c.normalizeWeightGradient(dNormed, x, s.inputInverse.top(n), v.inputNorm());
        });
    c.normalizeBackward(dNormed, x, w.inputNorm(), s.inputInverse.top(n), dOut);
    return dOut;
  }

  private void adaptBackward(Matrix x, Matrix dY, Matrix dX, Pass pass, Projection... projections) {
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

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
