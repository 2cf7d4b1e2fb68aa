package org.lethe.model;

import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Compute.Turn;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.BlockLayer.Below;
import org.lethe.model.architecture.Attention;
import org.lethe.model.architecture.Block;
import org.lethe.model.layer.HalfNorm;
import org.lethe.model.layer.HeadNormStep;
import org.lethe.model.layer.HeadOrder;
import org.lethe.model.layer.NormStep;
import org.lethe.model.layer.Rotary;
import org.lethe.model.layer.Slot;
import org.lethe.model.layer.TensorCut;

/**
 * The attention half of a block: middle = x + attentionNorm(output(attend(inputNorm(x)))).
 *
 * <p>Shapes in comments: N rows of the batch, D residual stream, E query, key and value together, H
 * query heads of S elements.
 */
final class AttentionHalf {
  /**
   * Weights or their gradients.
   *
   * @param norm of inputNorm
   * @param qkv [E, D]
   * @param heads norms of queries and keys
   * @param output [D, H S]
   * @param outputNorm of attentionNorm
   */
  record Weights(
      NormStep.Weights norm,
      FusedStep.Weights qkv,
      HeadNormStep.Weights heads,
      FusedStep.Weights output,
      NormStep.Weights outputNorm) {}

  /** Attention between the projections: from the slot's qkv to its attended. */
  interface AttentionStep {
    void run(Slot slot);
  }

  private final Heads heads;
  private final HeadOrder order;
  private final HalfNorm norm;
  private final FusedStep qkv;
  private final HeadNormStep headNorms;
  private final FusedStep output;
  private final HalfNorm outputNorm;
  private final Optional<Rotary> rotary;

  AttentionHalf(Block block, Backend backend, Optional<Rotary> rotary, Optional<LowRank> lowRank) {
    Attention attention = block.attention();
    heads = attention.heads();
    order = new HeadOrder(attention);
    norm = new HalfNorm(block.inputNorm(), backend);
    qkv = new FusedStep(attention.queryKeyValue(), lowRank);
    headNorms = new HeadNormStep(attention, backend);
    output = new FusedStep(attention.output(), lowRank);
    outputNorm = new HalfNorm(block.attentionNorm(), backend);
    this.rotary = rotary;
  }

  Weights matrices(TensorCut cut) {
    return new Weights(
        norm.matrices(cut),
        qkv.matrices(cut),
        headNorms.matrices(cut),
        output.matrices(cut),
        outputNorm.matrices(cut));
  }

  /** Fills middle. */
  void forward(
      Matrix x,
      Matrix middle,
      Slot s,
      Weights w,
      Map<String, LowRank.Factors> factors,
      Pass pass,
      AttentionStep step) {
    Compute c = pass.compute();
    int n = x.rows();
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Matrix all = s.qkv.top(n); // [N, E]
    NormStep.Scratch scratch = pass.buffers().normScratch();
    Matrix read = norm.forward(c, w.norm(), x, s.inputInverse.top(n), normed, scratch);
    Matrix mapped = order.isByHead() ? pass.buffers().byHead(n) : all;
    qkv.forward(read, 0, mapped, w.qkv(), factors, pass);
    order.toRoles(c, mapped, all);
    if (headNorms.isPresent()) {
      headNorms.forward(c, w.heads(), all, s.queriesAndKeys(n), s.headInverse(n), scratch);
    }
    rotary.ifPresent(
        r ->
            c.rotate(
                rotated(all), heads.size(), r.tables(), pass.rows().positions(), Turn.FORWARD));
    step.run(s);
    c.copy(x, middle);
    if (outputNorm.isPresent()) {
      Matrix projected = s.attention(n); // [N, D]
      output.forward(s.attended.top(n), 0, projected, w.output(), factors, pass);
      outputNorm.forward(c, w.outputNorm(), projected, s.attentionInverse(n), normed, scratch);
      c.add(normed, middle);
    } else {
      output.forward(s.attended.top(n), 1, middle, w.output(), factors, pass);
    }
  }

  /** Queries and keys, which carry positions. */
  private Matrix rotated(Matrix all) {
    return all.columns(0, heads.querySize() + heads.keyValueSize());
  }

  /** Whether anything up to the attention itself is trained. */
  boolean trainsInputs(Weights g, Map<String, LowRank.Factors> factors) {
    return qkv.trains(g.qkv(), factors) || !g.norm().isEmpty() || !g.heads().isEmpty();
  }

  /** Whether anything in this half is trained. */
  boolean trains(Weights g, Map<String, LowRank.Factors> factors) {
    return trainsInputs(g, factors)
        || output.trains(g.output(), factors)
        || !g.outputNorm().isEmpty();
  }

  /** The backward pass from middle to the attention: fills the shared gradient of its result. */
  void outputBackward(Matrix dMiddle, Slot s, BlockLayer.Bounds<Weights> b, Pass pass) {
    Compute c = pass.compute();
    int n = dMiddle.rows();
    Matrix attended = s.attended.top(n); // [N, H S]
    Matrix dAttended = pass.buffers().dAttended(n); // [N, H S]
    Matrix dOutput = dMiddle;
    if (outputNorm.isPresent()) {
      Matrix projected = s.attention(n);
      Matrix inverse = s.attentionInverse(n);
      dOutput = pass.buffers().dUnnormed(n);
      c.clear(dOutput);
      NormStep.Scratch scratch = pass.buffers().normScratch();
      outputNorm.addGradients(c, b.gradients().outputNorm(), dMiddle, projected, inverse, scratch);
      outputNorm.backward(
          c, b.weights().outputNorm(), dMiddle, projected, inverse, dOutput, scratch);
    }
    try (Compute.Hold held = c.holdFactor(dOutput)) {
      output.backward(dOutput, dAttended, b.weights().output(), pass);
      output.addFactorGradients(
          attended, dOutput, dAttended, b.factors(), b.factorGradients(), pass);
      output.addGradients(attended, dOutput, b.gradients().output(), pass);
    }
  }

  /**
   * The backward pass from the attention's result to x, after {@link #outputBackward}.
   *
   * @param x input of the forward pass, [N, D]
   * @param dX the gradient of x is added to it
   * @param below whether the gradient of x is needed
   */
  void inputBackward(
      Matrix x, Matrix dX, Slot s, BlockLayer.Bounds<Weights> b, Below below, Pass pass) {
    Compute c = pass.compute();
    Weights w = b.weights();
    Weights g = b.gradients();
    int n = dX.rows();
    Matrix dAttended = pass.buffers().dAttended(n);
    Matrix dQkv = pass.buffers().dQkv(n); // [N, E]
    Matrix all = s.qkv.top(n);
    c.attendBackward(
        heads, pass.rows().starts(), dAttended, all, s.logSums.top(n), s.attended.top(n), dQkv);
    rotary.ifPresent(
        r ->
            c.rotate(
                rotated(dQkv), heads.size(), r.tables(), pass.rows().positions(), Turn.BACKWARD));
    NormStep.Scratch scratch = pass.buffers().normScratch();
    if (headNorms.isPresent()) {
      headNorms.backward(
          c,
          w.heads(),
          g.heads(),
          s.queriesAndKeys(n),
          s.headInverse(n),
          dQkv,
          pass.buffers().dQueriesAndKeys(n),
          scratch);
    }
    Matrix dMapped = order.isByHead() ? pass.buffers().byHead(n) : dQkv;
    order.fromRoles(c, dQkv, dMapped);

    Matrix inverse = s.inputInverse.top(n);
    Matrix dNormed = pass.buffers().dNormed(n); // [N, D]
    try (Compute.Hold held = c.holdFactor(dMapped)) {
      qkv.backward(dMapped, dNormed, w.qkv(), pass);
      if (trainsInputs(g, b.factors())) {
        Matrix read = norm.again(c, w.norm(), x, inverse, pass.buffers().normed(n), scratch);
        qkv.addFactorGradients(read, dMapped, dNormed, b.factors(), b.factorGradients(), pass);
        qkv.addGradients(read, dMapped, g.qkv(), pass);
        norm.addGradients(c, g.norm(), dNormed, x, inverse, scratch);
      }
    }
    if (below == Below.TRAINED) {
      norm.backward(c, w.norm(), dNormed, x, inverse, dX, scratch);
    }
  }

  void close() {
    norm.close();
    outputNorm.close();
    headNorms.close();
  }
}
