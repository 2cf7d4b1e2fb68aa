package org.lethe.model;

import java.io.Serializable;

/**
 * Activations that a loss uses.
 *
 * @param block decoder block whose output they are, counted from 0; blocks above it do not run
 * @param tokens tokens at which they are read
 */
public record HiddenPlace(int block, Tokens tokens) implements Serializable {
  /** Tokens of an example. */
  public enum Tokens {
    /** Prompt and completion. */
    ALL,
    /** The completion's own tokens, end token included. */
    COMPLETION
  }

  public HiddenPlace {
    if (block < 0) {
      throw new IllegalArgumentException("Invalid layer: " + block + ", expected 0 or more");
    }
  }
}
