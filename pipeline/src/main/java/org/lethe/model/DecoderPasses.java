package org.lethe.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lethe.compute.Compute;
import org.lethe.compute.Matrix;
import org.lethe.error.ModelErrors;
import org.lethe.model.Buffers.PassKind;
import org.lethe.model.Pass.AdapterUse;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.layer.KeyValueCache;
import org.lethe.model.layer.Rotations;

/** Runs the layers of a decoder forward, backward and token by token. */
final class DecoderPasses {
  private final Architecture architecture;
  private final DecoderNetwork network;
  private final Rotations rotations;
  private final Compute compute;
  private final Buffers buffers;
  private final AdapterUse adapterUse;
  private final List<DecoderLayer.Bound<?>> weights;
  private Noise noise = new Noise(0, 0);

  DecoderPasses(
      Architecture architecture,
      DecoderNetwork network,
      Rotations rotations,
      Compute compute,
      Buffers buffers,
      AdapterUse adapterUse,
      List<DecoderLayer.Bound<?>> weights) {
    this.architecture = architecture;
    this.network = network;
    this.rotations = rotations;
    this.compute = compute;
    this.buffers = buffers;
    this.adapterUse = adapterUse;
    this.weights = weights;
  }

  /** Returns passes over the same layers with other weights. */
  DecoderPasses with(AdapterUse use, List<DecoderLayer.Bound<?>> other) {
    return new DecoderPasses(architecture, network, rotations, compute, buffers, use, other);
  }

  /** Sets the source of LoRA dropout masks until the next step. */
  void beginStep(Noise step) {
    noise = step;
  }

  /** Prepares a pass through the first blocks. */
  Pass pass(Rows rows, PassKind kind, int count) {
    if (rows.smallestToken() < 0 || rows.largestToken() >= architecture.vocabularySize()) {
      throw ModelErrors.tokenOutsideVocabulary(
          rows.smallestToken() < 0 ? rows.smallestToken() : rows.largestToken(),
          architecture.vocabularySize());
    }
    int positions = 1 + Arrays.stream(rows.positions()).max().orElse(0);
    if (positions > architecture.maxPositions()) {
      throw ModelErrors.sequenceTooLong(positions, architecture.maxPositions());
    }
    rotations.cover(positions);
    buffers.reserve(Math.max(rows.count(), rows.covered().length), kind, count);
    network.bindWeights(weights);
    Optional<Noise> masks = kind == PassKind.TRAINING ? Optional.of(noise) : Optional.empty();
    return new Pass(compute, buffers, rows, kind, adapterUse, masks);
  }

  /** Runs the embedding and the first blocks, [N, D]. */
  Matrix blocks(Pass pass, int count) {
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks().subList(0, count)) {
      x = block.forward(x, pass);
    }
    return x;
  }

  /** Returns the covered rows after the first blocks, [C, D]. */
  Matrix hidden(Pass pass, int count) {
    Matrix hidden = buffers.hidden(pass.rows().covered().length);
    pass.rows().gather(compute, blocks(pass, count), hidden);
    return hidden;
  }

  /** Passes the covered rows after each block, [C, D], to the reader. */
  void hiddenOfBlocks(Pass pass, Consumer<Matrix> reader) {
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.forward(x, pass);
      Matrix hidden = buffers.hidden(pass.rows().covered().length);
      pass.rows().gather(compute, x, hidden);
      reader.accept(hidden);
    }
  }

  /** Runs all blocks, with other covered rows, [C, D], after one of them. */
  Matrix patched(Pass pass, int patched, Matrix rows) {
    Matrix x = embedded(pass);
    for (int block = 0; block < network.blocks().size(); block++) {
      x = network.blocks().get(block).forward(x, pass);
      if (block == patched) {
        pass.rows().replace(compute, rows, x);
      }
    }
    return x;
  }

  /**
   * Runs the blocks backward, from dLoss/dOutput of the last one down to the lowest trained one.
   */
  void backward(Matrix dOutput, int count, Pass pass) {
    Matrix dX = dOutput;
    for (int i = count - 1; i >= network.firstTrainedBlock(); i--) {
      BlockLayer block = network.blocks().get(i);
      // The last block's activations are still there.
      if (buffers.recomputes() && i < count - 1) {
        block.forward(buffers.input(i, pass.kind()).top(pass.count()), pass);
      }
      dX = block.backward(dX, pass);
    }
    if (network.embedding().isTrained()) {
      network.embedding().backward(dX, pass);
    }
  }

  /** Fills the cache with prompts and chooses the next token of each. */
  int[] prefill(Rows prompts, KeyValueCache cache, int[] slots, TokenChoice choice) {
    Pass pass = pass(prompts, PassKind.EVALUATION, network.blocks().size());
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.prefill(x, pass, cache, slots);
    }
    return nextTokens(x, pass, choice);
  }

  /** Reads one more token of each sequence and chooses the next one, as {@link #prefill} does. */
  int[] step(Rows tokens, KeyValueCache cache, int[] slots, TokenChoice choice) {
    Pass pass = pass(tokens, PassKind.EVALUATION, network.blocks().size());
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.step(x, pass, cache, slots);
    }
    return nextTokens(x, pass, choice);
  }

  /**
   * Reads further tokens of cached sequences and passes the logits of the covered rows to the
   * reader.
   *
   * @param slots cache slot of each row
   */
  void extend(Rows rows, KeyValueCache cache, int[] slots, Consumer<LogitChunk> reader) {
    Pass pass = pass(rows, PassKind.EVALUATION, network.blocks().size());
    Matrix x = embedded(pass);
    for (BlockLayer block : network.blocks()) {
      x = block.step(x, pass, cache, slots);
    }
    if (rows.covered().length > 0) {
      network.head().read(network.head().forward(x, pass), pass, reader);
    }
  }

  /** Copies the first positions of a slot to a slot of another cache. */
  void copy(KeyValueCache source, int from, int count, KeyValueCache target, int to) {
    for (int block = 0; count > 0 && block < network.blocks().size(); block++) {
      compute.copy(source.rows(block, from, 0, count), target.rows(block, to, 0, count));
    }
  }

  private Matrix embedded(Pass pass) {
    return network.embedding().forward(buffers.input(0, pass.kind()).top(pass.count()), pass);
  }

  private int[] nextTokens(Matrix x, Pass pass, TokenChoice choice) {
    Matrix normed = network.head().forward(x, pass);
    int[] tokens = new int[normed.rows()];
    for (int first = 0; first < tokens.length; first += buffers.chunkRows()) {
      int count = Math.min(buffers.chunkRows(), tokens.length - first);
      Matrix logits = network.head().scores(normed.rows(first, count), pass);
      System.arraycopy(choice.choose(compute, logits, first), 0, tokens, first, count);
    }
    return tokens;
  }
}
