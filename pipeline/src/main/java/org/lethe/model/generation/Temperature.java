package org.lethe.model.generation;

import java.io.Serializable;

/**
 * The temperature of each new token: falls from {@code first} to {@code last} in equal steps over
 * {@code tokens} tokens and stays there. A high start makes texts differ; a low rest keeps them
 * likely (Carlini et al. 2021 go from 10 to 1 over 20 tokens).
 *
 * @param first temperature of the first new token, above 0
 * @param last temperature after the fall, above 0
 * @param tokens number of new tokens until then, 0 or more
 */
public record Temperature(double first, double last, int tokens) implements Serializable {
  public Temperature {
    if (!(first > 0 && last > 0 && Double.isFinite(first) && Double.isFinite(last))) {
      throw new IllegalArgumentException(
          "Invalid temperature: " + first + " to " + last + ", expected finite and above 0");
    }
    if (tokens < 0) {
      throw new IllegalArgumentException("Invalid tokens of falling temperature: " + tokens);
    }
  }

  /** A constant temperature. */
  public static Temperature constant(double value) {
    return new Temperature(value, value, 0);
  }

  /**
   * @param token index of the new token, from 0
   */
  double at(int token) {
    return token >= tokens ? last : first + (last - first) * token / tokens;
  }
}
