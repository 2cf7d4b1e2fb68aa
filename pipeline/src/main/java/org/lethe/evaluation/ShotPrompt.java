package org.lethe.evaluation;

import java.util.List;

/**
 * What a model is given: a question, and examples of the same kind before it. A model whose context
 * is short sees fewer examples, the first of them being dropped, and the question as it is.
 *
 * @param header stands first, or empty
 * @param shots examples, each with all that separates it from the next
 * @param question stands last
 */
public record ShotPrompt(String header, List<String> shots, String question) {
  public ShotPrompt {
    shots = List.copyOf(shots);
  }

  /** A prompt without examples. */
  public static ShotPrompt of(String question) {
    return new ShotPrompt("", List.of(), question);
  }

  /**
   * The text without its first examples.
   *
   * @param dropped how many of them
   */
  public String text(int dropped) {
    return header + String.join("", shots.subList(dropped, shots.size())) + question;
  }

  @Override
  public String toString() {
    return "ShotPrompt[" + shots.size() + " shots]";
  }
}
