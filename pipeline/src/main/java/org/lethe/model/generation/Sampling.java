package org.lethe.model.generation;

import java.io.Serializable;

/**
 * Settings for drawing the next token. It is drawn from softmax(logits / temperature) after two
 * cuts, in transformers' order: first to the {@code topK} most probable tokens, then to the fewest
 * of them that have {@code topP} of their probability. Tokens less than 2e-9 times as probable as
 * the most probable one are never drawn.
 *
 * @param temperature temperature of each token
 * @param topK number of tokens kept, at least 1; {@link #ALL_TOKENS} for no cut
 * @param topP share of probability kept, above 0; 1 for no cut
 */
public record Sampling(Temperature temperature, int topK, double topP) implements Serializable {
  /** Value of {@code topK} for no cut. */
  public static final int ALL_TOKENS = Integer.MAX_VALUE;

  public Sampling {
    if (topK < 1) {
      throw new IllegalArgumentException("Invalid top-k: " + topK + ", expected at least 1");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("Invalid top-p: " + topP + ", expected in (0, 1]");
    }
  }

  /** Draws from the whole distribution. */
  public static Sampling temperature(double temperature) {
    return new Sampling(Temperature.constant(temperature), ALL_TOKENS, 1);
  }
}
