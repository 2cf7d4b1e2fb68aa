package org.lethe.objective;

import java.io.Serializable;
import java.util.Optional;
import org.lethe.model.Decoder;
import org.lethe.model.HiddenPlace;

/** Losses on retain data. */
public sealed interface RetainLoss extends Serializable {
  /** Whether the loss needs the initial model in addition to the trained one. */
  boolean usesInitialModel();

  /**
   * Number of decoder blocks that the loss runs, from the first on; all of them for a loss of
   * logits.
   */
  default int blocks() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns the loss in computable form.
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

  /**
   * Token-mean KL(p_initial || p) at the positions that predict the completion. open-unlearning
   * divides the sum over all positions, prompts and padding included, by their number; on one batch
   * that was 0.204 where this is 0.162.
   */
  record Divergence() implements RetainLoss {
    @Override
    public boolean usesInitialModel() {
      return true;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new DivergenceObjective(new InitialLogits(required(initial)));
    }
  }

  /**
   * The retain loss of JensUn (arXiv 2509.02820): the token mean of the Jensen-Shannon divergence
   * between the initial model and the trained one, at most log 2, at the positions that predict the
   * completion. Public code averages over all positions, prompts and padding included.
   */
  record JensenShannon() implements RetainLoss {
    @Override
    public boolean usesInitialModel() {
      return true;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new JensenShannonObjective(new InitialLogits(required(initial)));
    }
  }

  /**
   * Token-mean negative log-likelihood of a module that should learn in other directions than an
   * earlier one, see {@link OrthogonalObjective}.
   *
   * @param weight weight of the penalty, above 0
   * @param old rows of the earlier module
   */
  record OrthogonalLikelihood(double weight, FrozenRows old) implements RetainLoss {
    public OrthogonalLikelihood {
      if (!(weight > 0)) {
        throw new IllegalArgumentException("Invalid weight: " + weight + ", expected above 0");
      }
    }

    @Override
    public boolean usesInitialModel() {
      return false;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new OrthogonalObjective(new LikelihoodObjective(1), weight, old);
    }
  }

  /**
   * The retain loss of RMU (arXiv 2403.03218, section 4): the mean over sequences of the mean over
   * their tokens of the squared distance between the activations after a block and those of the
   * initial model. {@link ForgetLoss.Steering} lists the differences in public code.
   *
   * @param place the block, and the tokens
   * @param measure definition of the distance
   */
  record ActivationMatch(HiddenPlace place, ActivationMeasure measure) implements RetainLoss {
    @Override
    public boolean usesInitialModel() {
      return true;
    }

    @Override
    public int blocks() {
      return place.block() + 1;
    }

    @Override
    public Objective objective(Optional<Decoder> initial) {
      return new ActivationMatchObjective(required(initial), place, measure);
    }
  }

  private static Decoder required(Optional<Decoder> initial) {
    return initial.orElseThrow(
        () -> new IllegalArgumentException("Invalid initial model: none was given"));
  }
}
