package org.lethe.model.generation;

import java.io.Serializable;

/**
 * How the next token is drawn: from softmax(logits / temperature) after cutting its tail, first to
 * the {@code topK} most probable tokens, then to the fewest of these that hold {@code topP} of
 * their probability, in the order in which transformers applies them. Tokens less than 2e-9 times
 * as probable as the most probable one are never drawn.
 *
 * @param temperature of each token
 * @param topK tokens kept, at least 1; {@link #ALL_TOKENS} for no such cut
 * @param topP share kept, above 0; 1 for no such cut
 */
public record Sampling(Temperature temperature, int topK, double topP) implements Serializable {
  /** As {@code topK}: no cut. */
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
