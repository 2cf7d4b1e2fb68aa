package org.lethe.corpus.input;

import java.io.Serializable;
import org.lethe.text.Example;

/**
 * One example of a shard. Its text is personal data: {@code toString} returns id and digest only.
 *
 * @param id the row id, safe to log
 * @param task the category from the input, empty if none
 * @param prompt the prompt
 * @param completion the text that the loss covers
 * @param tokens begin token, prompt, completion, end token
 * @param promptTokens number of tokens of the prompt, including the begin token
 * @param digest SHA-256 of the normalised prompt and completion, 64 hexadecimal digits
 */
public record ShardRow(
    String id,
    String task,
    String prompt,
    String completion,
    int[] tokens,
    int promptTokens,
    String digest)
    implements Serializable {

  /** Returns the example that a model trains on. */
  public Example toExample() {
    return new Example(id, tokens, promptTokens);
  }

  @Override
  public String toString() {
    return "ShardRow[" + id + ", " + digest + "]";
  }
}
