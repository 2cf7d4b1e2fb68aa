package org.lethe.objective;

import org.lethe.text.Example;

/** Other answers to the prompts of forget examples. */
@FunctionalInterface
public interface Alternatives {
  /** No loss that is used needs any. */
  Alternatives NONE =
      example -> {
        throw new IllegalStateException("No alternatives were made, row " + example.id());
      };

  /**
   * The same prompt with the other completion.
   *
   * @throws IllegalStateException if none was made for the example
   */
  Example of(Example example);
}
