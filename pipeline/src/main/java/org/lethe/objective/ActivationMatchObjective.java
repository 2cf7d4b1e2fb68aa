package org.lethe.objective;

import org.lethe.compute.Matrix;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.text.Batch;

/** The retain loss of RMU: distance from the initial model's activations, counted in sequences. */
record ActivationMatchObjective(Decoder initial, HiddenPlace place, ActivationMeasure measure)
    implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    // The initial model may share its buffers with the trained one, so the two run one after the
    // other.
    try (Matrix target = initial.hidden(batch, place)) {
      double sum =
          decoder.accumulateHidden(batch, place, new ActivationLoss(target, measure), gradients);
      return new LossSum(sum, batch.size());
    }
  }
}
