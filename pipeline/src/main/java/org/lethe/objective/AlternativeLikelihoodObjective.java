package org.lethe.objective;

import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.text.Batch;

/** Token-mean training on the alternatives, counted in their tokens. */
record AlternativeLikelihoodObjective(Alternatives alternatives) implements Objective {
  @Override
  public LossSum accumulate(Decoder decoder, Batch batch, Gradients gradients) {
    Batch others = Batch.of(batch.examples().stream().map(alternatives::of).toList());
    return new LikelihoodObjective(1).accumulate(decoder, others, gradients);
  }
}
