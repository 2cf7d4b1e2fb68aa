package org.lethe.evaluation.monitor;

import java.io.Serializable;

/**
 * How the form of answers is read.
 *
 * @param rows rows of each set that are answered; 0 does not read the form
 * @param maxNewTokens most new tokens of an answer, at least 1
 * @param seed seed of the sample
 */
public record FormSettings(int rows, int maxNewTokens, long seed) implements Serializable {
  public FormSettings {
    if (rows < 0 || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "Invalid form settings: " + rows + " rows, " + maxNewTokens + " new tokens");
    }
  }
}
