package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.text.Batch;

/** A loss of a batch under a decoder. */
@FunctionalInterface
public interface Objective {
  /**
   * Runs forward and backward.
   *
   * @param gradients the gradient of the returned SUM is added here
   * @return the summed loss and its count
   */
  LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients);

  /**
   * Ends a step of the training, after which a loss that learns may change.
   *
   * @param step counted from 0
   */
  default void stepEnded(long step) {}
}
