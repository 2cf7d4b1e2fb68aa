package org.lethe.direction;

/** A rule of BLUR's kind: it weights the two gradients by their inner products. */
interface BlurRule extends Direction {
  /** Squared norm up to which a gradient counts as zero. */
  double zeroNorm();

  /** Returns the direction of gradients with these products. */
  Combination combine(LossGradients gradients, Products products);

  @Override
  default Combination combine(LossGradients gradients) {
    return combine(gradients, Products.of(gradients, zeroNorm()));
  }
}
