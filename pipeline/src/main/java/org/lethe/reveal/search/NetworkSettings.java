package org.lethe.reveal.search;

/**
 * Settings of the network that predicts rewards: one hidden layer of rectified linear units.
 *
 * @param width width of the hidden layer
 * @param steps full-batch steps of Adam, from the same initial weights at every choice
 * @param learningRate learning rate of Adam
 * @param lambda initial diagonal of the covariance; weight decay is lambda divided by the number of
 *     pulls
 * @param nu weight of the bonus, which is multiplied by its square root
 * @param covariance diagonal or full
 * @param scaling scaling of initial weights, rewards, contexts and bonus
 */
public record NetworkSettings(
    int width,
    int steps,
    double learningRate,
    double lambda,
    double nu,
    Covariance covariance,
    Scaling scaling) {

  /** Covariance of the gradients of the pulls so far. */
  public enum Covariance {
    DIAGONAL,
    FULL
  }

  /** Conventions for scaling. */
  public enum Scaling {
    /**
     * Weights ~ N(0, 2 / inputs) and N(0, 1 / width), biases 0. Contexts are standardised over all
     * arms, rewards are standardised, and the bonus is divided by the square root of the width. The
     * covariance is recomputed from the current network's gradients.
     */
    SCALED,
    /**
     * INSTINCT's code: weights and biases ~ N(0, 1). Contexts are standardised over the pulls so
     * far, rewards are unchanged, and the covariance keeps the gradients of the network that chose.
     */
    PUBLISHED
  }

  public NetworkSettings {
    if (width < 1) {
      throw new IllegalArgumentException("Invalid width: " + width);
    }
    if (steps < 1) {
      throw new IllegalArgumentException("Invalid steps: " + steps);
    }
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("Invalid learning rate: " + learningRate);
    }
    if (!(lambda > 0)) {
      throw new IllegalArgumentException("Invalid lambda: " + lambda);
    }
    if (!(nu >= 0)) {
      throw new IllegalArgumentException("Invalid nu: " + nu);
    }
  }

  /** Our own settings. */
  public static NetworkSettings scaled() {
    return new NetworkSettings(100, 200, 1e-3, 0.1, 1, Covariance.DIAGONAL, Scaling.SCALED);
  }

  /** The settings of INSTINCT's public code (arXiv 2310.02905). */
  public static NetworkSettings published() {
    return new NetworkSettings(100, 1000, 1e-3, 0.1, 1, Covariance.DIAGONAL, Scaling.PUBLISHED);
  }
}
