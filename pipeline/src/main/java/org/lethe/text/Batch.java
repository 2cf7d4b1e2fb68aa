package org.lethe.text;

import java.util.List;

/**
 * Examples that go through a model together. There is no padding: the model folds them into rows,
 * so examples of different lengths may share a batch.
 *
 * @param examples the examples, [B], at least one
 */
public record Batch(List<Example> examples) {
  public Batch {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("Invalid batch: no examples");
    }
    examples = List.copyOf(examples);
  }

  /** - */
  public static Batch of(List<Example> examples) {
    return new Batch(examples);
  }

  /** Number of sequences B. */
  public int size() {
    return examples.size();
  }

  /** Tokens of the longest example, T. */
  public int length() {
    return examples.stream().mapToInt(example -> example.tokens().length).max().orElseThrow();
  }

  /** Number of tokens that the loss covers, over all examples. */
  public long completionTokens() {
    return examples.stream().mapToLong(Example::completionTokens).sum();
  }
}
