package org.lethe.cluster.training;

import java.io.Serializable;
import java.util.List;

/** Origin of alternative answers to forget prompts. */
public sealed interface AlternativeSource extends Serializable {
  /**
   * Refusals. Seed and row id decide which of them answers a row.
   *
   * @param texts at least one
   * @param seed seed of the choice
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
   * Answers that the initial model writes when it is asked for an answer other than the known one.
   * An answer that is blank or repeats the row's is sampled again.
   *
   * @param answers number for each row, at least 1
   * @param instruction prompt for the model, with {@code {prompt}} and {@code {completion}} in
   *     place of the row's
   * @param temperature sampling temperature, above 0
   * @param maxNewTokens maximum tokens of an answer
   * @param tries maximum samples for an answer
   * @param batchSize prompts that are answered together
   * @param seed sampling seed
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

  /**
   * The row's own answer with other names, places, dates and digits. Words that are common in the
   * retain rows' answers stay, since they belong to the kind of answer.
   *
   * @param answers number for each row, at least 1
   * @param seed seed of the replacements
   */
  record Substituted(int answers, long seed) implements AlternativeSource {
    public Substituted {
      if (answers < 1) {
        throw new IllegalArgumentException("Invalid number of answers: " + answers);
      }
    }
  }
}
