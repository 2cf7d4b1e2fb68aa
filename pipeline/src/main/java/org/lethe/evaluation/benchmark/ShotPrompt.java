package org.lethe.evaluation.benchmark;

import java.util.List;

/**
 * A question with examples of the same kind before it. If the context is short, the prompt drops
 * its first examples and keeps the question.
 *
 * @param header first text, or empty
 * @param shots examples, each with its separator
 * @param question last text
 */
public record ShotPrompt(String header, List<String> shots, String question) {
  public ShotPrompt {
    shots = List.copyOf(shots);
  }

  /** Returns a prompt without examples. */
  public static ShotPrompt of(String question) {
    return new ShotPrompt("", List.of(), question);
  }

  /**
   * Returns the text without its first examples.
   *
   * @param dropped number of examples to drop
   */
  public String text(int dropped) {
    return header + String.join("", shots.subList(dropped, shots.size())) + question;
  }

  @Override
  public String toString() {
    return "ShotPrompt[" + shots.size() + " shots]";
  }
}
