package org.lethe.objective;

import java.io.Serializable;

/** What is minimised on forget data. */
public sealed interface ForgetLoss extends Serializable {
  /**
   * Whether the loss compares with the sequence losses of the initial model, which then have to be
   * computed once before training.
   */
  boolean usesReference();

  /** The loss as something to compute with. */
  Objective objective(ReferenceLosses reference);

  /**
   * Negative preference optimization (arXiv 2404.05868, equation 3): the mean over sequences of
   * -(2/beta) log sigmoid(beta (s - s_ref)), where s is the negative log-likelihood of the whole
   * completion and s_ref that of the initial model.
   *
   * @param beta inverse temperature, above 0; towards 0 the loss becomes gradient ascent
   */
  record NegativePreference(double beta) implements ForgetLoss {
    public NegativePreference {
      if (!(beta > 0 && Double.isFinite(beta))) {
        throw new IllegalArgumentException("Invalid beta: " + beta + ", expected above 0");
      }
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public Objective objective(ReferenceLosses reference) {
      return new NegativePreferenceObjective(beta, reference);
    }
  }

  /** Gradient ascent: minus the token-mean negative log-likelihood. It has no lower bound. */
  record GradientAscent() implements ForgetLoss {
    @Override
    public boolean usesReference() {
      return false;
    }

    @Override
    public Objective objective(ReferenceLosses reference) {
      return new LikelihoodObjective(-1);
    }
  }
}
