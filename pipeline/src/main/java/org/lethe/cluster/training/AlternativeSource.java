package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.List;

/** Where other answers to forget prompts come from. */
public sealed interface AlternativeSource extends Serializable {
  /**
   * Refusals; which of them answers a row is a function of seed and row id.
   *
   * @param texts at least one
   * @param seed of the choice
   */
  record Refusals(List<String> texts, long seed) implements AlternativeSource {
    public Refusals {
      texts = List.copyOf(texts);
      if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(
            "Invalid refusals: " + texts.size() + " texts, expected at least one and none blank");
      }
    }
  }

  /**
   * Answers that the initial model writes when it is asked for another than the known one. An
   * answer that says the same, or nothing, is drawn again.
   *
   * @param answers for each row, at least 1
   * @param instruction what the model is given, with {@code {prompt}} and {@code {completion}} for
   *     those of the row
   * @param temperature of the sampling, above 0
   * @param maxNewTokens most tokens of an answer
   * @param tries most draws for an answer
   * @param batchSize prompts that are answered side by side
   * @param seed of the sampling
   */
  record Written(
      int answers,
      String instruction,
      double temperature,
      int maxNewTokens,
      int tries,
      int batchSize,
      long seed)
      implements AlternativeSource {
    public Written {
      if (!instruction.contains("{prompt}")) {
        throw new IllegalArgumentException(
            "Invalid instruction: it has no {prompt}, the place of the row's prompt");
      }
    }
  }
}
