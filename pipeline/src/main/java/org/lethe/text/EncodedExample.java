package org.lethe.text;

/**
 * An example, and the number of tokens that did not fit into it.
 *
 * @param example the tokens that fit
 * @param droppedTokens dropped tokens of prompt and completion, end token included
 */
public record EncodedExample(Example example, int droppedTokens) {
  /** - */
  public boolean truncated() {
    return droppedTokens > 0;
  }
}
