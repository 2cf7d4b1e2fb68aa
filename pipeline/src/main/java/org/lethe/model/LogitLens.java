package org.lethe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lethe.compute.Backend;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.architecture.Architecture;
import org.lethe.text.Batch;

/**
 * The activations after every block, and what a last norm and head make of them (nostalgebraist,
 * "interpreting GPT: the logit lens", 2020). A decoder may read the activations of another one of
 * the same architecture.
 */
public final class LogitLens {
  private final Architecture architecture;
  private final DecoderPasses passes;
  private final HeadLayer head;
  private final Backend backend;
  private final Compute compute;

  LogitLens(
      Architecture architecture,
      DecoderPasses passes,
      HeadLayer head,
      Backend backend,
      Compute compute) {
    this.architecture = architecture;
    this.passes = passes;
    this.head = head;
    this.backend = backend;
    this.compute = compute;
  }

  /**
   * Returns copies of the activations after every block, at the positions that predict the
   * completion tokens, [L][C, D]. Takes one pass. The caller closes the copies.
   */
  public List<Matrix> activations(Batch batch) {
    List<Matrix> copies = new ArrayList<>();
    passes.hiddenOfBlocks(
        pass(batch),
        hidden -> {
          Matrix copy = backend.matrix(hidden.rows(), hidden.columns());
          compute.copy(hidden, copy);
          copies.add(copy);
        });
    return copies;
  }

  /**
   * Passes to the reader the logits that this decoder's last norm and head make of activations,
   * chunk by chunk.
   *
   * @param activations at the positions that predict the completion tokens, [C, D]
   */
  public void read(Batch batch, Matrix activations, Consumer<LogitChunk> reader) {
    Pass pass = pass(batch);
    head.read(head.normalised(activations, pass), pass, reader);
  }

  /**
   * Passes to the reader the logits of this decoder when the activations after one block are those
   * of another one (activation patching).
   *
   * @param block counted from 0
   * @param activations after that block, at the positions that predict the completion tokens, [C,
   *     D]
   */
  public void patched(Batch batch, int block, Matrix activations, Consumer<LogitChunk> reader) {
    Pass pass = pass(batch);
    head.read(head.forward(passes.patched(pass, block, activations), pass), pass, reader);
  }

  private Pass pass(Batch batch) {
    return passes.pass(Rows.of(batch), PassKind.EVALUATION, architecture.layers());
  }
}
