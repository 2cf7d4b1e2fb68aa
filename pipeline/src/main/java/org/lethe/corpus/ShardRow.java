package org.lethe.corpus;

import java.io.Serializable;
import org.lethe.text.Example;

/**
 * One example of a shard. Its text is personal data: {@code toString} gives id and digest only.
 *
 * @param id the row id, safe to log
 * @param task the category that the input gave, empty if none
 * @param prompt the prompt
 * @param completion what the loss covers
 * @param tokens begin token, prompt, completion, end token
 * @param promptTokens how many of the tokens belong to the prompt, the begin token included
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

  /** What a model trains on. */
  public Example toExample() {
    return new Example(id, tokens, promptTokens);
  }

  @Override
  public String toString() {
    return "ShardRow[" + id + ", " + digest + "]";
  }
}
