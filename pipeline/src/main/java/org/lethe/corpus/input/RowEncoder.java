package org.lethe.corpus.input;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.text.EncodedExample;
import org.lethe.text.Example;

/** Turns a prompt and a completion into tokens, as {@code org.lethe.text.ExampleEncoder} does. */
public interface RowEncoder {

  /**
   * Returns the tokens of an example, cut to the maximum length.
   *
   * @param id row id, safe to log
   * @param maxLength maximum number of tokens of the example
   */
  EncodedExample encode(String id, String prompt, String completion, int maxLength);

  /** Whether a row with this prompt or completion is set aside because of its control tokens. */
  default boolean setsAside(String text) {
    return false;
  }

  /** An encoder that gives all rows the same tokens, and sets none aside. */
  static RowEncoder withoutTokens() {
    return (id, prompt, completion, maxLength) ->
        new EncodedExample(new Example(id, new int[2], 1), 0);
  }

  /**
   * An encoder that gives all rows the same tokens.
   *
   * @param full decides which rows are set aside
   */
  record WithoutTokens(RowEncoder full) implements RowEncoder {
    @Override
    public EncodedExample encode(String id, String prompt, String completion, int maxLength) {
      return RowEncoder.withoutTokens().encode(id, prompt, completion, maxLength);
    }

    @Override
    public boolean setsAside(String text) {
      return full.setsAside(text);
    }
  }

  /** Opens an encoder inside a task. Tokenizers live in native memory and cannot be serialised. */
  @FunctionalInterface
  interface Source extends Serializable {
    /**
     * Opens an encoder. Each task calls this once.
     *
     * @param hadoop configuration of the file systems
     */
    RowEncoder open(Configuration hadoop);

    /**
     * Returns a source for passes that need no tokens. It sets aside the same rows as this one, so
     * that every pass counts the same rows.
     */
    default Source withoutTokens() {
      return hadoop -> new WithoutTokens(open(hadoop));
    }
  }
}
