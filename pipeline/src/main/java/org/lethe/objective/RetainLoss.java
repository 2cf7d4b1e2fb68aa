package org.lethe.objective;

import java.io.Serializable;
import java.util.Optional;
import org.lethe.model.Decoder;

/** What is minimised on retain data. */
public sealed interface RetainLoss extends Serializable {
  /** Whether the loss needs the initial model beside the one that is trained. */
  boolean usesInitialModel();

  /**
   * The loss as something to compute with.
   *
   * @param initial the initial model, present if {@link #usesInitialModel}
   */
  Objective objective(Optional<Decoder> initial);

  /** Token-mean negative log-likelihood of the completions. */
  record NegativeLogLikelihood() implements RetainLoss {
    @Override
    public boolean usesInitialModel() {
      return false;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new LikelihoodObjective(1);
    }
  }

  /** Token-mean KL(p_initial || p) at the completion positions. */
  record Divergence() implements RetainLoss {
    @Override
    public boolean usesInitialModel() {
      return true;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new DivergenceObjective(
          new InitialLogits(
              initial.orElseThrow(
                  () -> new IllegalArgumentException("Invalid initial model: none was given"))));
    }
  }
}
