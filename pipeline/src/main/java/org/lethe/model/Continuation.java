package org.lethe.model;

import java.util.List;
import org.lethe.error.ModelErrors;
import org.lethe.model.layer.KeyValueCache;

/** Sequences that a decoder continues together, token by token, with a key/value cache. */
public final class Continuation implements AutoCloseable {
  private final DecoderPasses passes;
  private final KeyValueCache cache;

  Continuation(Decoder decoder, DecoderPasses passes, int sequences, int capacity) {
    int longest = decoder.architecture().maxPositions();
    if (capacity > longest) {
      throw ModelErrors.sequenceTooLong(capacity, longest);
    }
    this.passes = passes;
    cache = new KeyValueCache(decoder.architecture(), decoder.backend(), sequences, capacity);
  }

  /**
   * Reads prompts and chooses the next token of each.
   *
   * @param prompts token ids, each at least 1, in the order of the sequences
   */
  public int[] read(List<int[]> prompts, TokenChoice choice) {
    int[] sequences = new int[prompts.size()];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = i;
    }
    return passes.prefill(Rows.ofPrompts(prompts), cache, sequences, choice);
  }

  /**
   * Reads one more token of some sequences and chooses the next token of each.
   *
   * @param tokens the tokens, one for each sequence
   * @param positions position of each token in its sequence
   * @param sequences index of each sequence
   */
  public int[] next(int[] tokens, int[] positions, int[] sequences, TokenChoice choice) {
    return passes.step(Rows.ofSteps(tokens, positions), cache, sequences, choice);
  }

  /** Frees the cache. */
  @Override
  public void close() {
    cache.close();
  }
}
