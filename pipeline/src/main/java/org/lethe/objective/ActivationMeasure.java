package org.lethe.objective;

/** How the distance of two activations is measured. */
public enum ActivationMeasure {
  /** Sum of squared differences over the hidden size, as the paper writes it. */
  SQUARED_NORM,
  /** Mean of squared differences over the hidden size, as all public code computes it. */
  MEAN_SQUARE
}
