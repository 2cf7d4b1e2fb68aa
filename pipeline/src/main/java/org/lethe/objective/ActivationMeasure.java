package org.lethe.objective;

/** Definition of the distance between two activations. */
public enum ActivationMeasure {
  /** Sum of squared differences over the hidden size, as in the paper. */
  SQUARED_NORM,
  /** Mean of squared differences over the hidden size, as in all public code. */
  MEAN_SQUARE
}
