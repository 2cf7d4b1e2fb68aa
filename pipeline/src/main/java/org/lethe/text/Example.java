package org.lethe.text;

/**
 * One prompt and completion as token ids: begin token, prompt, completion, end token. The loss
 * covers the positions from {@code promptTokens} on, including the end token.
 *
 * @param id the row id, safe to log
 * @param tokens all ids, [length]
 * @param promptTokens number of tokens of the prompt, including the begin token; at least 1
 */
public record Example(String id, int[] tokens, int promptTokens) {
  public Example {
    if (promptTokens < 1 || promptTokens >= tokens.length) {
      throw new IllegalArgumentException(
          "Invalid prompt length: " + promptTokens + " of " + tokens.length + " tokens, row " + id);
    }
  }

  /** Number of tokens that the loss covers. */
  public int completionTokens() {
    return tokens.length - promptTokens;
  }
}
