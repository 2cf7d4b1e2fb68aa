package org.lethe.corpus;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.lethe.text.EncodedExample;

/** Turns a prompt and a completion into tokens, as {@code org.lethe.text.ExampleEncoder} does. */
@FunctionalInterface
public interface RowEncoder {

  /**
   * The tokens of an example, cut to the maximum length if need be.
   *
   * @param id row id, safe to log
   * @param maxLength most tokens of the example
   */
  EncodedExample encode(String id, String prompt, String completion, int maxLength);

  /** Gives an encoder inside a task, since tokenizers live in native memory and do not travel. */
  @FunctionalInterface
  interface Source extends Serializable {
    /**
     * Called once per task.
     *
     * @param hadoop configuration of the file systems
     */
    RowEncoder open(Configuration hadoop);
  }
}
