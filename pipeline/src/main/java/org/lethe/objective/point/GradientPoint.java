package org.lethe.objective.point;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.text.Batch;

/** The parameters at which the gradient of a loss is taken. The step starts from the decoder's. */
public sealed interface GradientPoint extends Serializable
    permits AtParameters, Sharpened, Rounded, Selected {
  /** The decoder's parameters. */
  GradientPoint PARAMETERS = new AtParameters();

  /** Number of vectors of the length of the parameters that a step holds in addition. */
  int vectors();

  /** Filter of a step's whole gradient, summed over its batches and workers. */
  default Optional<GradientFilter> filter() {
    return Optional.empty();
  }

  /**
   * Rejects weights for which there is no such point.
   *
   * @throws org.lethe.error.LetheException USAGE
   */
  default void check(Adapter adapter) {}

  /**
   * Adds the gradient of the batches' summed loss. The parameters are the same afterwards, bit for
   * bit.
   *
   * @param batches one batch of a step, cut into parts that pass through the network one by one
   * @return the summed loss
   */
  LossSum accumulate(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients);

  /** Adds the gradient at the decoder's present parameters. */
  static LossSum add(
      Decoder decoder, List<Batch> batches, Objective objective, Gradients gradients) {
    LossSum sum = LossSum.ZERO;
    for (Batch batch : batches) {
      sum = sum.plus(objective.accumulate(decoder, batch, gradients));
    }
    return sum;
  }
}
