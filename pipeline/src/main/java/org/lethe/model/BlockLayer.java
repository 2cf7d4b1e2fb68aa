package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.compute.Compute;
import org.lethe.compute.Heads;
import org.lethe.compute.Matrix;
import org.lethe.model.AttentionHalf.AttentionStep;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.architecture.Block;
import org.lethe.model.architecture.TensorSpec;
import org.lethe.model.layer.FrozenMemory;
import org.lethe.model.layer.KeyValueCache;
import org.lethe.model.layer.Rotary;
import org.lethe.model.layer.Slot;
import org.lethe.model.layer.TensorCut;

/**
 * Computes one {@link Block}: an attention half and a feed-forward half. The latter reads the
 * former's result, or x if the block is parallel.
 */
final class BlockLayer extends DecoderLayer<BlockLayer.Weights> {
  /** Weights of both halves, or their gradients. */
  record Weights(AttentionHalf.Weights attention, FeedForwardHalf.Weights feedForward) {}

  /**
   * Weights and gradients of one half.
   *
   * @param factors LoRA factors of the block by module
   * @param factorGradients their gradients
   */
  record Bounds<W>(
      W weights,
      W gradients,
      Map<String, LowRank.Factors> factors,
      Map<String, LowRank.Factors> factorGradients) {}

  /** Whether anything below a block is trained, so that gradients must reach its input. */
  enum Below {
    TRAINED,
    FROZEN
  }

  private final Block block;
  private final Heads heads;
  private final AttentionHalf attention;
  private final FeedForwardHalf feedForward;
  private final Optional<LowRank> lowRank;
  private final Below below;

  BlockLayer(
      Block block,
      List<TensorSpec> trained,
      FrozenMemory memory,
      Optional<Rotary> rotary,
      Optional<LowRank> lowRank,
      Below below) {
    super(block.tensors(), trained, memory);
    this.block = block;
    heads = block.attention().heads();
    attention = new AttentionHalf(block, memory.backend(), rotary, lowRank);
    feedForward = new FeedForwardHalf(block, memory.backend(), lowRank);
    this.lowRank = lowRank;
    this.below = below;
  }

  @Override
  Weights matrices(TensorCut cut) {
    return new Weights(attention.matrices(cut), feedForward.matrices(cut));
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

  private Matrix forward(Matrix x, Pass pass, AttentionStep step) {
    int n = x.rows();
    Slot s = pass.buffers().slot(block.index(), pass.kind());
    Matrix middle = s.middle.top(n); // [N, D]
    Matrix out = pass.buffers().after(block.index(), pass.kind()).top(n); // [N, D]
    attention.forward(x, middle, s, weights().attention(), factors(), pass, step);
    if (isParallel()) {
      // In evaluation, out has the memory of x, which the feed-forward network still reads.
      feedForward.forward(x, middle, s, weights().feedForward(), factors(), pass);
      pass.compute().copy(middle, out);
    } else {
      pass.compute().copy(middle, out);
      feedForward.forward(middle, out, s, weights().feedForward(), factors(), pass);
    }
    return out;
  }

  private boolean isParallel() {
    return block.residual() == Block.Residual.PARALLEL;
  }

  /**
   * The backward pass: dOut becomes dX. Mirrors the forward pass from its last line up. Normed
   * inputs and activations are recomputed rather than kept. Stops at the lowest trained weight if
   * everything below is frozen; the return value is then undefined.
   */
  @Override
  Matrix backward(Matrix dOut, Pass pass) {
    int n = dOut.rows();
    Slot s = pass.buffers().slot(block.index(), PassKind.TRAINING);
    Matrix x = pass.buffers().input(block.index(), PassKind.TRAINING).top(n);
    Bounds<AttentionHalf.Weights> a = bounds(weights().attention(), weightGradients().attention());
    Bounds<FeedForwardHalf.Weights> f =
        bounds(weights().feedForward(), weightGradients().feedForward());
    boolean goesToX = below == Below.TRAINED;
    boolean goesToInputs = goesToX || attention.trainsInputs(a.gradients(), factors());
    boolean goesToMiddle = goesToX || attention.trains(a.gradients(), factors());
    if (isParallel()) {
      // Both halves need the gradient of out; only then may the second add to it.
      if (goesToMiddle) {
        attention.outputBackward(dOut, s, a, pass);
      }
      feedForward.backward(x, dOut, s, f, below, pass);
    } else {
      // out = middle + ...: dOut passes on to middle unchanged.
      Below middle = goesToMiddle ? Below.TRAINED : Below.FROZEN;
      feedForward.backward(s.middle.top(n), dOut, s, f, middle, pass);
      if (goesToMiddle) {
        attention.outputBackward(dOut, s, a, pass);
      }
    }
    // middle = x + ...: dOut passes on to x unchanged.
    if (goesToInputs) {
      attention.inputBackward(x, dOut, s, a, below, pass);
    }
    return dOut;
  }

  private <W> Bounds<W> bounds(W weights, W gradients) {
    return new Bounds<>(weights, gradients, factors(), factorGradients());
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

  /**
   * Forward for new tokens of cached sequences; positions are those of the pass.
   *
   * @param slots cache slot of each row; a row reads the earlier positions of its slot
   */
  Matrix step(Matrix x, Pass pass, KeyValueCache cache, int[] slots) {
    int n = x.rows();
    int[] positions = pass.rows().positions();
    return forward(
        x,
        pass,
        slot -> {
          Compute c = pass.compute();
          Matrix qkv = slot.qkv.top(n);
          Matrix keysAndValues = qkv.columns(heads.querySize(), 2 * heads.keyValueSize());
          int[] lengths = Arrays.stream(positions, 0, n).map(position -> position + 1).toArray();
          int[] targets = new int[n];
          for (int row = 0; row < n; row++) {
            targets[row] = slots[row] * cache.capacity() + positions[row];
          }
          c.place(keysAndValues, targets, cache.block(block.index()));
          c.attendCached(
              heads,
              qkv,
              cache.block(block.index()),
              cache.capacity(),
              slots,
              lengths,
              slot.attended.top(n));
        });
  }

  @Override
  void close() {
    super.close();
    attention.close();
    feedForward.close();
  }
}
