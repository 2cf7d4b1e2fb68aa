package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.token.RowWeights;
import org.lethe.text.Batch;

/** A token-wise loss whose weights may learn from step to step. */
record WeightedObjective(Objective base, RowWeights weights) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return base.accumulate(decoder, batch, gradients);
  }

  @Override
  public void stepEnded(long step) {
    weights.stepEnded(step);
  }
}
