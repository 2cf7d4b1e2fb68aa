package org.lethe.direction;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * What a pair of random gradients is made from. Their norms are up to a factor of 1e12 apart.
 *
 * @param seed seed of the random numbers
 * @param forgetExponent exponent of the forget gradient's scale
 * @param retainExponent exponent of the retain gradient's scale
 */
record Scales(long seed, int forgetExponent, int retainExponent) {
  static Arbitrary<Scales> any() {
    Arbitrary<Integer> exponents = Arbitraries.integers().between(-6, 6);
    return Combinators.combine(Arbitraries.longs(), exponents, exponents).as(Scales::new);
  }

  Random random() {
    return new Random(seed);
  }

  double forget() {
    return Math.pow(10, forgetExponent);
  }

  double retain() {
    return Math.pow(10, retainExponent);
  }
}
