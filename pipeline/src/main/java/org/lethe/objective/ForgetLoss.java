package org.lethe.objective;

import java.io.Serializable;
import java.util.Optional;
import org.lethe.model.HiddenPlace;
import org.lethe.objective.NegativePreferenceObjective.OverReference;
import org.lethe.objective.NegativePreferenceObjective.PerToken;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.objective.token.RowWeights;
import org.lethe.objective.token.SaturationWeights;
import org.lethe.objective.token.TokenWeights;

/**
 * Losses on forget data. Unless stated otherwise they cover the completion only, including its end
 * token.
 */
public sealed interface ForgetLoss extends Serializable {
  /**
   * Whether the loss needs the sequence losses of the initial model, which are then computed once
   * before training.
   */
  default boolean usesReference() {
    return false;
  }

  /** Whether every step of the loss needs the initial model in addition to the trained one. */
  default boolean usesInitialModel() {
    return false;
  }

  /**
   * Number of decoder blocks that the loss runs, from the first on; all of them for a loss of
   * logits.
   */
  default int blocks() {
    return Integer.MAX_VALUE;
  }

  /** Number of sequences that go through the network for one example. */
  default int sequencesPerExample() {
    return 1;
  }

  /** Whether the loss needs an alternative answer to each forget prompt. */
  default boolean usesAlternatives() {
    return false;
  }

  /** Whether the loss has token weights that are trained along. */
  default boolean learnsWeights() {
    return false;
  }

  /**
   * Returns the loss in computable form.
   *
   * @param inputs contains at least the inputs that the loss uses
   */
  Objective objective(LossInputs inputs);

  /** A loss that is a mean over tokens, each with the same weight, and that also takes others. */
  sealed interface TokenWise extends ForgetLoss {
    /** Returns the loss with these weights in computable form. */
    Objective objective(LossInputs inputs, RowWeights weights);

    @Override
    default Objective objective(LossInputs inputs) {
      return objective(inputs, RowWeights.UNIFORM);
    }
  }

  /**
   * A token-wise loss whose tokens have other weights. The mean is still over all tokens.
   *
   * @param base the loss
   * @param weights of its tokens
   */
  record Weighted(TokenWise base, TokenWeights weights) implements ForgetLoss {
    @Override
    public boolean usesInitialModel() {
      return base.usesInitialModel();
    }

    @Override
    public boolean usesAlternatives() {
      return base.usesAlternatives();
    }

    @Override
    public boolean learnsWeights() {
      return weights.isLearned();
    }

    @Override
    public Objective objective(LossInputs inputs) {
      RowWeights rows = weights.rows(inputs.scorer());
      return new WeightedObjective(base.objective(inputs, rows), rows);
    }
  }

  /**
   * Negative preference optimization (arXiv 2404.05868, equation 3): the mean over sequences of
   * -(2/beta) log sigmoid(beta (s - s_ref)). s is the negative log-likelihood of the whole
   * completion and s_ref that of the initial model.
   *
   * @param beta inverse temperature, above 0; towards 0 the loss becomes gradient ascent
   */
  record NegativePreference(double beta) implements ForgetLoss {
    public NegativePreference {
      positive("beta", beta);
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new NegativePreferenceObjective(
          PreferenceCurve.normalized(beta), new OverReference(inputs.reference()));
    }
  }

  /**
   * SimNPO (arXiv 2410.07163), NPO with the token mean instead of a reference: the mean over
   * sequences of -(2/beta) log sigmoid(beta (s / |y| - delta)), with |y| the tokens of the
   * completion.
   *
   * @param beta inverse temperature, above 0
   * @param delta nats per token below which a row counts as not yet forgotten, 0 or more; named as
   *     in the public code, where it is inside the product with beta
   */
  record SimpleNegativePreference(double beta, double delta) implements ForgetLoss {
    public SimpleNegativePreference {
      positive("beta", beta);
      notNegative("delta", delta);
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new NegativePreferenceObjective(PreferenceCurve.normalized(beta), new PerToken(delta));
    }
  }

  /** Gradient ascent: minus the token-mean negative log-likelihood. It has no lower bound. */
  record GradientAscent() implements TokenWise {
    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return weights.equals(RowWeights.UNIFORM)
          ? new LikelihoodObjective(-1)
          : new WeightedAscentObjective(weights);
    }
  }

  /**
   * WGA (arXiv 2502.19301): the token mean of -p^beta NLL. p is the likelihood of the token, and
   * the weight p^beta is held constant. So tokens that are already unlikely have less weight; the
   * gradient is that of p^beta / beta.
   *
   * <p>The value is lowest at NLL = 1 / beta and rises again towards 0 as a token is forgotten
   * further. Watch the likelihood, not the value. The same applies to {@link SaturationImportance}.
   *
   * @param beta 0 or more; 0 is gradient ascent
   */
  record WeightedGradientAscent(double beta) implements ForgetLoss {
    public WeightedGradientAscent {
      notNegative("beta", beta);
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new WeightedAscentObjective(new LikelihoodWeights(beta).rows(Optional.empty()));
    }
  }

  /**
   * SatImp (arXiv 2505.11953): the token mean of -p^beta1 (1 - p)^beta2 NLL. p is the likelihood of
   * the token, and the weight is held constant. The first factor is for saturation, the second for
   * importance.
   *
   * @param beta1 0 or more
   * @param beta2 0 or more
   */
  record SaturationImportance(double beta1, double beta2) implements ForgetLoss {
    public SaturationImportance {
      notNegative("beta1", beta1);
      notNegative("beta2", beta2);
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new WeightedAscentObjective(
          new SaturationWeights(beta1, beta2).rows(Optional.empty()));
    }
  }

  /**
   * CE-U (arXiv 2503.01224): the token mean of the cross-entropy with the model's own distribution
   * without the token, held constant.
   *
   * @param skippedTokens number of first tokens of each completion to skip, 0 or more; 1 in a
   *     footnote of the paper and in public code
   */
  record CrossEntropyUnlearning(int skippedTokens) implements TokenWise {
    public CrossEntropyUnlearning {
      notNegative("skipped tokens", skippedTokens);
    }

    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return new CrossEntropyUnlearningObjective(skippedTokens, weights);
    }
  }

  /**
   * UNDIAL (arXiv 2402.10052): the token mean of the cross-entropy with the initial model's
   * distribution after beta is subtracted from the token's logit. Public code (open-unlearning)
   * averages over all positions, prompts and padding too; this covers the completion.
   *
   * @param beta amount subtracted from the logit, above 0
   */
  record SelfDistillation(double beta) implements TokenWise {
    public SelfDistillation {
      positive("beta", beta);
    }

    @Override
    public boolean usesInitialModel() {
      return true;
    }

    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return new SelfDistillationObjective(
          beta, weights, new InitialLogits(inputs.requiredInitial()));
    }
  }

  /**
   * The token mean of KL(u || p) with u uniform over the vocabulary. The public code of Yuan et al.
   * (arXiv 2410.08109) minimises it as "maximising entropy".
   */
  record UniformDivergence() implements TokenWise {
    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return new UniformDivergenceObjective(weights);
    }
  }

  /**
   * IdkNLL, "preference optimization" in TOFU (arXiv 2401.06121, section 4.2): the token-mean
   * negative log-likelihood of an alternative answer, in TOFU one of a list of refusals. The paper
   * adds it to the retain loss. TOFU's own code takes one token mean over both batches together,
   * which is the weighted sum with weights in proportion to their tokens.
   */
  record AlternativeLikelihood() implements ForgetLoss {
    @Override
    public boolean usesAlternatives() {
      return true;
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new AlternativeLikelihoodObjective(inputs.alternatives());
    }
  }

  /**
   * The forget loss of JensUn (arXiv 2509.02820): the token mean of the Jensen-Shannon divergence
   * between p and a target on the tokens of a refusal, at most log 2. The refusal's end token is
   * not part of the target.
   *
   * @param target the target at each position
   */
  record RefusalDivergence(RefusalTarget target) implements TokenWise {
    @Override
    public boolean usesAlternatives() {
      return true;
    }

    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return new RefusalDivergenceObjective(target, weights, inputs.alternatives());
    }
  }

  /**
   * DPO (arXiv 2305.18290, equation 7) with an alternative answer a as winner and the forget
   * completion f as loser: the mean over pairs of -c log sigmoid(beta ((s_ref_a - s_a) - (s_ref_f -
   * s_f))). With refusals it is IdkDPO, with alternatives that the model has generated itself AltPO
   * (arXiv 2409.13474).
   *
   * @param beta inverse temperature, above 0
   * @param scale the factor c
   */
  record DirectPreference(double beta, PreferenceScale scale) implements ForgetLoss {
    public DirectPreference {
      positive("beta", beta);
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public int sequencesPerExample() {
      return 2;
    }

    @Override
    public boolean usesAlternatives() {
      return true;
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new DirectPreferenceObjective(
          new PreferenceCurve(beta, scale.of(beta)),
          inputs.alternatives(),
          inputs.reference(),
          inputs.alternativeReference());
    }
  }

  /**
   * RMU (arXiv 2403.03218, section 4): the mean over sequences of the mean over their tokens of the
   * squared distance between the activations after a block and a fixed random vector of length c.
   *
   * <p>The paper uses all tokens and the squared norm. Its authors' code (wmdp) takes the mean over
   * the hidden size as well, includes padding, and uses one vector per topic. open-unlearning uses
   * the completion's tokens, and divides the sum of every sequence by the token count of every
   * other, because its two arrays have different ranks.
   *
   * @param place the block, and the tokens
   * @param coefficient c, above 0
   * @param measure definition of the distance
   * @param seed seed of the vector
   */
  record Steering(HiddenPlace place, double coefficient, ActivationMeasure measure, long seed)
      implements ForgetLoss {
    public Steering {
      positive("steering coefficient", coefficient);
    }

    @Override
    public int blocks() {
      return place.block() + 1;
    }

    @Override
    public Objective objective(LossInputs inputs) {
      return new SteeringObjective(place, coefficient, measure, seed);
    }
  }

  /**
   * The forget loss of PDU (arXiv 2506.05314): the token mean of (max_k z_k - mean_k z_k)^2 of the
   * logits z, which is lowest if all are equal. It covers the positions that predict the
   * completion. open-unlearning masks by the labels without the shift: it covers the positions of
   * the answer's tokens, so it skips the one that predicts the first token and adds the one after
   * the last. Its versions before December 2025 averaged over prompts and padding too.
   */
  record LogitFlattening() implements TokenWise {
    @Override
    public Objective objective(LossInputs inputs, RowWeights weights) {
      return new LogitFlatteningObjective(weights);
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + ", expected above 0");
    }
  }

  private static void notNegative(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + ", expected 0 or more");
    }
  }
}
