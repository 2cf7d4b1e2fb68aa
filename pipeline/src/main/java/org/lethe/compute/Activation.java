package org.lethe.compute;

/** Activation functions of feed-forward networks. */
public enum Activation {
  /** x / (1 + exp(-x)). */
  SILU,
  /** x Phi(x), with the normal distribution's own Phi (Hendrycks and Gimpel, arXiv 1606.08415). */
  GELU,
  /** GELU with tanh: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  GELU_TANH,
  /** max(x, 0). */
  RELU
}
