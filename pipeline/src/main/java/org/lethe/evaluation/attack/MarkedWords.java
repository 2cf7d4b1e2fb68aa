package org.lethe.evaluation.attack;

import java.util.Arrays;
import java.util.Optional;
import org.lethe.text.Example;
import org.lethe.text.ExampleEncoder;
import org.lethe.text.PlacedTokens;

/**
 * Limits a row to the words that the user marked in its answer. What comes before them becomes the
 * prompt. What comes after them has no influence on their probabilities and is left out, except one
 * token in place of the end token.
 */
final class MarkedWords {
  private MarkedWords() {}

  /**
   * Returns the row with the marked words as its answer: all tokens with a character of their first
   * occurrence. Empty if nothing is marked, if the answer does not contain the words, or if the row
   * was cut before their end.
   */
  static Optional<Example> example(AttackedRow row, ExampleEncoder encoder) {
    String words = row.entity().map(String::strip).orElse("");
    int from = row.expected().indexOf(words);
    if (words.isEmpty() || from < 0) {
      return Optional.empty();
    }
    PlacedTokens tokens = encoder.encodeCompletion(row.prompt(), row.expected());
    int first = 0;
    while (first < tokens.ids().length && tokens.to()[first] <= from) {
      first++;
    }
    int end = first;
    while (end < tokens.ids().length && tokens.from()[end] < from + words.length()) {
      end++;
    }
    Example whole = row.example();
    return first == end || end >= whole.completionTokens()
        ? Optional.empty()
        : Optional.of(
            new Example(
                whole.id(),
                Arrays.copyOf(whole.tokens(), whole.promptTokens() + end + 1),
                whole.promptTokens() + first));
  }
}
