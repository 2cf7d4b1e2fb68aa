package org.lethe.model;

import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Activation;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.BlockLayer.Below;
import org.lethe.model.architecture.Block;
import org.lethe.model.layer.HalfNorm;
import org.lethe.model.layer.NormStep;
import org.lethe.model.layer.Slot;
import org.lethe.model.layer.TensorCut;

/**
 * The feed-forward half of a block: out += feedForwardNorm(down(f(gate) up)), with gate and up of
 * middleNorm(y).
 *
 * <p>Shapes in comments: N rows of the batch, D residual stream, F feed-forward width, G its gate
 * and up together, or up alone.
 */
final class FeedForwardHalf {
  /**
   * Weights or their gradients.
   *
   * @param norm of middleNorm
   * @param up [G, D]
   * @param down [D, F]
   * @param outputNorm of feedForwardNorm
   */
  record Weights(
      NormStep.Weights norm,
      FusedStep.Weights up,
      FusedStep.Weights down,
      NormStep.Weights outputNorm) {}

  private final HalfNorm norm;
  private final FusedStep up;
  private final FusedStep down;
  private final HalfNorm outputNorm;
  private final Activation activation;
  private final boolean gated;

  FeedForwardHalf(Block block, Backend backend, Optional<LowRank> lowRank) {
    norm = new HalfNorm(block.middleNorm(), backend);
    up = new FusedStep(block.feedForward().up(), lowRank);
    down = new FusedStep(block.feedForward().down(), lowRank);
    outputNorm = new HalfNorm(block.feedForwardNorm(), backend);
    activation = block.feedForward().activation();
    gated = block.feedForward().isGated();
  }

  Weights matrices(TensorCut cut) {
    return new Weights(
        norm.matrices(cut), up.matrices(cut), down.matrices(cut), outputNorm.matrices(cut));
  }

  /**
   * Adds to out.
   *
   * @param y input, [N, D]
   */
  void forward(
      Matrix y, Matrix out, Slot s, Weights w, Map<String, LowRank.Factors> factors, Pass pass) {
    int n = y.rows();
    Matrix gateUp = s.gateUp.top(n); // [N, G]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix normed = pass.buffers().normed(n); // [N, D]
    Compute c = pass.compute();
    NormStep.Scratch scratch = pass.buffers().normScratch();
    Matrix read = norm.forward(c, w.norm(), y, s.middleInverse.top(n), normed, scratch);
    up.forward(read, 0, gateUp, w.up(), factors, pass);
    activate(c, gateUp, activated);
    if (outputNorm.isPresent()) {
      Matrix expanded = s.feedForward(n); // [N, D]
      down.forward(activated, 0, expanded, w.down(), factors, pass);
      outputNorm.forward(c, w.outputNorm(), expanded, s.feedForwardInverse(n), normed, scratch);
      c.add(normed, out);
    } else {
      down.forward(activated, 1, out, w.down(), factors, pass);
    }
  }

  private void activate(Compute c, Matrix gateUp, Matrix activated) {
    if (gated) {
      c.gate(activation, gateUp, activated);
    } else {
      c.activate(activation, gateUp, activated);
    }
  }

  private boolean trainsUp(Weights g, Map<String, LowRank.Factors> factors) {
    return up.trains(g.up(), factors) || !g.norm().isEmpty();
  }

  /**
   * The backward pass. Adds to the gradients of weights.
   *
   * @param y input of the forward pass, [N, D]
   * @param dOut gradient of out; the gradient of y is added to it
   * @param below whether the gradient of y is needed
   */
  void backward(
      Matrix y, Matrix dOut, Slot s, BlockLayer.Bounds<Weights> b, Below below, Pass pass) {
    Compute c = pass.compute();
    Weights w = b.weights();
    Weights g = b.gradients();
    int n = y.rows();
    Matrix gateUp = s.gateUp.top(n); // [N, G]
    Matrix activated = pass.buffers().activated(n); // [N, F]
    Matrix dActivated = pass.buffers().dActivated(n); // [N, F]
    NormStep.Scratch scratch = pass.buffers().normScratch();
    Matrix dDown = dOut; // gradient of down's output
    if (outputNorm.isPresent()) {
      Matrix expanded = s.feedForward(n);
      Matrix inverse = s.feedForwardInverse(n);
      dDown = pass.buffers().dUnnormed(n);
      c.clear(dDown);
      outputNorm.addGradients(c, g.outputNorm(), dOut, expanded, inverse, scratch);
      outputNorm.backward(c, w.outputNorm(), dOut, expanded, inverse, dDown, scratch);
    }
    boolean goesOn = below == Below.TRAINED;
    boolean goesToGateUp = goesOn || trainsUp(g, b.factors());
    if (!goesToGateUp) {
      activate(c, gateUp, activated);
      down.addFactorGradients(activated, dDown, dActivated, b.factors(), b.factorGradients(), pass);
      down.addGradients(activated, dDown, g.down(), pass);
      return;
    }
    try (Compute.Hold held = c.holdFactor(dDown)) {
      down.backward(dDown, dActivated, w.down(), pass);
      if (down.hasFactors(b.factors())) {
        activate(c, gateUp, activated);
        down.addFactorGradients(
            activated, dDown, dActivated, b.factors(), b.factorGradients(), pass);
      }
      // gateUp is its own gradient from here on.
      if (gated) {
        c.gateBackward(activation, dActivated, gateUp, activated);
      } else {
        c.activateBackward(activation, dActivated, gateUp, activated);
      }
      down.addGradients(activated, dDown, g.down(), pass);
    }

    Matrix inverse = s.middleInverse.top(n);
    Matrix dNormed = pass.buffers().dNormed(n); // [N, D]
    try (Compute.Hold held = c.holdFactor(gateUp)) {
      up.backward(gateUp, dNormed, w.up(), pass);
      if (up.trains(g.up(), b.factors())) {
        Matrix read = norm.again(c, w.norm(), y, inverse, pass.buffers().normed(n), scratch);
        up.addFactorGradients(read, gateUp, dNormed, b.factors(), b.factorGradients(), pass);
        up.addGradients(read, gateUp, g.up(), pass);
      }
    }
    norm.addGradients(c, g.norm(), dNormed, y, inverse, scratch);
    if (goesOn) {
      norm.backward(c, w.norm(), dNormed, y, inverse, dOut, scratch);
    }
  }

  void close() {
    norm.close();
    outputNorm.close();
  }
}
