package org.lethe.objective;

import org.lethe.text.Example;

/** Alternative answers to the prompts of forget examples. */
@FunctionalInterface
public interface Alternatives {
  /** For losses without alternatives. */
  Alternatives NONE =
      example -> {
        throw new IllegalStateException("No alternatives were made, row " + example.id());
      };

  /**
   * Returns the same prompt with the alternative completion.
   *
   * @throws IllegalStateException if the example has none
   */
  Example of(Example example);
}
