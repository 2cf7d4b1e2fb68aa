package org.lethe.compute;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How attention scores follow from products of queries and keys.
 *
 * @param scale factor of the products
 * @param softCap c of c tanh(score / c), which keeps scores between -c and c, if there is one
 * @param window number of tokens that a token sees, itself included; empty for all before it
 */
public record Scores(double scale, OptionalDouble softCap, OptionalInt window) {
  /** Scores without cap and window. */
  public static Scores scaled(double scale) {
    return new Scores(scale, OptionalDouble.empty(), OptionalInt.empty());
  }

  /** These scores within a window, if there is one. */
  public Scores within(OptionalInt other) {
    return new Scores(scale, softCap, other);
  }

  /** Position of the first key that a query sees. */
  public int firstKey(int query) {
    return window.isPresent() ? Math.max(0, query - window.getAsInt() + 1) : 0;
  }
}
