package org.lethe.model.generation;

/**
 * A text that follows a prompt, of which some tokens are scored.
 *
 * @param prompt token ids, at least 1
 * @param text token ids
 * @param scored ascending indices into the text
 */
public record PromptedText(int[] prompt, int[] text, int[] scored) {
  public PromptedText {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("Invalid prompt: no token");
    }
    for (int index : scored) {
      if (index < 0 || index >= text.length) {
        throw new IllegalArgumentException(
            "Invalid index: " + index + " in a text of " + text.length + " tokens");
      }
    }
  }

  /** Number of tokens of the text up to the last scored one. */
  int length() {
    return scored.length == 0 ? 0 : scored[scored.length - 1] + 1;
  }
}
