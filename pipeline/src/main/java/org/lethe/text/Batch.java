package org.lethe.text;

import java.util.List;

/**
 * Examples side by side, padded on the right to the longest.
 *
 * @param examples the examples, [B]
 * @param length padded length T
 * @param tokens ids row by row, padding is 0, [B * T]
 */
public record Batch(List<Example> examples, int length, int[] tokens) {

  /** Pads the given examples, at least one, to the longest of them. */
  public static Batch of(List<Example> examples) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("Invalid batch: no examples");
    }
    int length = examples.stream().mapToInt(e -> e.tokens().length).max().orElseThrow();
    int[] tokens = new int[examples.size() * length];
    for (int b = 0; b < examples.size(); b++) {
      int[] ids = examples.get(b).tokens();
      System.arraycopy(ids, 0, tokens, b * length, ids.length);
    }
    return new Batch(List.copyOf(examples), length, tokens);
  }

  /** Number of sequences B. */
  public int size() {
    return examples.size();
  }

  /** Number of tokens that the loss covers, over all sequences. */
  public long completionTokens() {
    return examples.stream().mapToLong(Example::completionTokens).sum();
  }
}
