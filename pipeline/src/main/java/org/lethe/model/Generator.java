package org.lethe.model;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Greedy generation in batches with a key/value cache. */
public final class Generator {
  /**
   * @param maxNewTokens most tokens to make for one prompt
   * @param batchSize prompts that run side by side
   * @param endTokens generation of a prompt stops at any of these; it is not part of the result
   */
  public record Settings(int maxNewTokens, int batchSize, Set<Integer> endTokens) {
    public Settings {
      if (maxNewTokens < 1) {
        throw new IllegalArgumentException("Invalid new tokens: " + maxNewTokens);
      }
      if (batchSize < 1) {
        throw new IllegalArgumentException("Invalid batch size: " + batchSize);
      }
      endTokens = Set.copyOf(endTokens);
    }
  }

  public Generator(Decoder decoder, Settings settings) {}

  /**
   * Continues each prompt with the most probable tokens.
   *
   * @param prompts token ids with the begin token, of any lengths, each at least 1
   * @param progress told the number of prompts finished so far, after each batch
   * @return the new tokens of each prompt, in the given order, end token left out
   */
  public List<int[]> generate(List<int[]> prompts, IntConsumer progress) {
    throw new UnsupportedOperationException();
  }
}
