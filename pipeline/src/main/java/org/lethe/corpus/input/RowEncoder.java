package org.lethe.corpus.input;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.text.EncodedExample;

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

  /** Opens an encoder inside a task. Tokenizers live in native memory and cannot be serialised. */
  @FunctionalInterface
  interface Source extends Serializable {
    /**
     * Opens an encoder. Each task calls this once.
     *
     * @param hadoop configuration of the file systems
     */
    RowEncoder open(Configuration hadoop);
  }
}
