package org.lethe.objective.token;

import java.util.Optional;
import org.lethe.compute.FlatVector;

/**
 * ATWU's weights (arXiv 2606.06320): the softmax, over the tokens of a completion, of sigmoid(w h +
 * b), with h the hidden state that the head reads. Weights are times the number of tokens, so that
 * the first ones, of a scorer of zeros, are 1.
 *
 * <p>The scorer (w, b) is trained along: after every few steps, one step of SGD lowers minus the
 * weighted token mean of the negative log-likelihoods of that step's batch. Public code takes its
 * step before the loss of the same batch is computed, here it counts from the next batch on.
 *
 * @param rate learning rate, above 0
 * @param momentum of SGD, from 0 to below 1
 * @param weightDecay added to the gradient, times the scorer
 * @param maximumNorm norm to which the gradient is clipped, above 0
 * @param every steps of the model for one of the scorer, at least 1
 */
public record LearnedWeights(
    double rate, double momentum, double weightDecay, double maximumNorm, int every)
    implements TokenWeights {
  public LearnedWeights {
    Checks.notNegative("rate", rate);
    Checks.notNegative("momentum", momentum);
    Checks.notNegative("weight decay", weightDecay);
    Checks.notNegative("maximum norm", maximumNorm);
    if (every < 1) {
      throw new IllegalArgumentException(
          "Invalid steps of the scorer: every " + every + ", expected at least 1");
    }
  }

  @Override
  public boolean isLearned() {
    return true;
  }

  @Override
  public RowWeights rows(Optional<FlatVector> state) {
    return new Scorer(
        this,
        state.orElseThrow(
            () -> new IllegalArgumentException("Invalid scorer: no state was given")));
  }
}
