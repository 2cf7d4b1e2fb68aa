package org.lethe.text;

/**
 * An example and what did not fit into it.
 *
 * @param example the tokens that fit
 * @param droppedTokens tokens of prompt and completion (end token included) that were cut off
 */
public record EncodedExample(Example example, int droppedTokens) {
  /** Whether anything was cut off. */
  public boolean truncated() {
    return droppedTokens > 0;
  }
}
