package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.text.Batch;

/** JS(p_initial, p) summed over the completion positions, counted in tokens. */
record JensenShannonObjective(InitialLogits initial) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    return initial.accumulate(
        decoder, batch, gradients, (chunk, logits) -> chunk.jensenShannon(logits));
  }
}
