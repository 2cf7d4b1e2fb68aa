package org.lethe.jobs.config;

import java.util.Optional;
import java.util.function.Supplier;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.PreferenceScale;
import org.lethe.objective.RefusalTarget;
import org.lethe.objective.point.GradientPoint;
import org.lethe.objective.point.Rounded;
import org.lethe.objective.point.Selected;
import org.lethe.objective.point.Sharpened;
import org.lethe.objective.token.LearnedWeights;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.objective.token.SaturationWeights;
import org.lethe.objective.token.TokenWeights;

/**
 * Binds lethe.unlearn.forget-loss and forget-gradient. Register new forget losses and the points of
 * their gradients here.
 */
final class ForgetLossBinding {
  private static final String KEY = "forget-loss";
  private static final String TOKEN_WEIGHTS = "token-weights";
  private static final Choices<PreferenceScale> SCALES = Choices.of(PreferenceScale.class);
  private static final Choices<RefusalTarget> TARGETS = Choices.of(RefusalTarget.class);

  static final Choices<ForgetMethod> LOSSES =
      loss("npo", ForgetLossBinding::negativePreference)
          .or("simnpo", trained(ForgetLossBinding::simpleNegativePreference))
          .or("ga", trained(section -> ForgetLoss.GradientAscent::new))
          .or("wga", trained(ForgetLossBinding::weightedGradientAscent))
          .or("satimp", trained(ForgetLossBinding::saturationImportance))
          .or("ce-u", trained(ForgetLossBinding::crossEntropyUnlearning))
          .or("undial", trained(ForgetLossBinding::selfDistillation))
          .or("kl-uniform", trained(section -> ForgetLoss.UniformDivergence::new))
          .or(
              "idknll",
              new ForgetMethod(
                  section -> ForgetLoss.AlternativeLikelihood::new, Alternatives.REFUSALS))
          .or(
              "idkdpo",
              new ForgetMethod(section -> preference(section, "idkdpo"), Alternatives.REFUSALS))
          .or(
              "altpo",
              new ForgetMethod(section -> preference(section, "altpo"), Alternatives.WRITTEN))
          .or(
              "jensun",
              new ForgetMethod(ForgetLossBinding::refusalDivergence, Alternatives.REFUSALS))
          .or("rmu", trained(ForgetLossBinding::steering))
          .or("pdu", trained(section -> ForgetLoss.LogitFlattening::new));

  static final Choices<Method<Optional<TokenWeights>>> WEIGHTS =
      Choices.<Method<Optional<TokenWeights>>>of("uniform", section -> Optional::empty)
          .or("wga", ForgetLossBinding::likelihoodWeights)
          .or("satimp", ForgetLossBinding::saturationWeights)
          .or("atwu", ForgetLossBinding::learnedWeights);

  static final Choices<Method<GradientPoint>> POINTS =
      Choices.<Method<GradientPoint>>of("parameters", section -> () -> GradientPoint.PARAMETERS)
          .or("sharpened", ForgetLossBinding::sharpened)
          .or("rounded", ForgetLossBinding::rounded)
          .or("selected", ForgetLossBinding::selected);

  /** Other answers to forget prompts that a loss trains on. */
  enum Alternatives {
    NONE,
    REFUSALS,
    /** Written by the initial model. */
    WRITTEN
  }

  /**
   * A forget loss.
   *
   * @param loss reads its keys
   * @param alternatives that it trains on
   */
  record ForgetMethod(Method<ForgetLoss> loss, Alternatives alternatives)
      implements Method<ForgetLoss> {
    @Override
    public Supplier<ForgetLoss> read(Section section) {
      return loss.read(section);
    }
  }

  private ForgetLossBinding() {}

  static ForgetLoss read(Section unlearn) {
    ForgetLoss loss = Method.chosen(unlearn, KEY, LOSSES);
    Optional<TokenWeights> weights = Method.chosen(unlearn, TOKEN_WEIGHTS, WEIGHTS);
    if (weights.isEmpty()) {
      return loss;
    }
    if (loss instanceof ForgetLoss.TokenWise tokenWise) {
      return new ForgetLoss.Weighted(tokenWise, weights.get());
    }
    unlearn.problem(
        TOKEN_WEIGHTS,
        "uniform, or one of the forget losses ga, ce-u, undial, kl-uniform, jensun and pdu");
    return loss;
  }

  /** The alternatives that the chosen loss needs. */
  static Alternatives alternatives(Section unlearn) {
    return unlearn.choice(KEY, LOSSES).alternatives();
  }

  private static Choices<ForgetMethod> loss(String name, Method<ForgetLoss> loss) {
    return Choices.of(name, trained(loss));
  }

  /** Where the forget gradient is taken. */
  static GradientPoint point(Section unlearn) {
    return Method.chosen(unlearn.below("forget-gradient"), "at", POINTS);
  }

  private static ForgetMethod trained(Method<ForgetLoss> loss) {
    return new ForgetMethod(loss, Alternatives.NONE);
  }

  private static Supplier<Optional<TokenWeights>> likelihoodWeights(Section section) {
    double beta = section.notNegative("wga.beta");
    return () -> Optional.of(new LikelihoodWeights(beta));
  }

  private static Supplier<Optional<TokenWeights>> saturationWeights(Section section) {
    double beta1 = section.notNegative("satimp.beta1");
    double beta2 = section.notNegative("satimp.beta2");
    return () -> Optional.of(new SaturationWeights(beta1, beta2));
  }

  private static Supplier<Optional<TokenWeights>> learnedWeights(Section section) {
    Section keys = section.below("atwu");
    LearnedWeights weights =
        new LearnedWeights(
            keys.positive("learning-rate"),
            keys.number("momentum", 0, 1),
            keys.notNegative("weight-decay"),
            keys.positive("clip-norm"),
            keys.integer("every", 1, 1 << 20));
    return () -> Optional.of(weights);
  }

  private static Supplier<GradientPoint> sharpened(Section section) {
    double radius = section.positive("radius");
    return () -> new Sharpened(radius);
  }

  private static Supplier<GradientPoint> rounded(Section section) {
    double share = section.number("share", 0, 1);
    return () -> new Rounded(share);
  }

  private static Supplier<GradientPoint> selected(Section section) {
    Selected selected =
        new Selected(
            section.integer("selection.rank", 1, 1 << 16),
            section.notNegative("selection.rate"),
            section.integer("selection.components", 1, 1 << 20),
            section.seed("selection.seed"));
    return () -> selected;
  }

  private static Supplier<ForgetLoss> negativePreference(Section section) {
    double beta = section.positive("npo.beta");
    return () -> new ForgetLoss.NegativePreference(beta);
  }

  private static Supplier<ForgetLoss> simpleNegativePreference(Section section) {
    double beta = section.positive("simnpo.beta");
    double delta = section.notNegative("simnpo.delta");
    return () -> new ForgetLoss.SimpleNegativePreference(beta, delta);
  }

  private static Supplier<ForgetLoss> weightedGradientAscent(Section section) {
    double beta = section.notNegative("wga.beta");
    return () -> new ForgetLoss.WeightedGradientAscent(beta);
  }

  private static Supplier<ForgetLoss> saturationImportance(Section section) {
    double beta1 = section.notNegative("satimp.beta1");
    double beta2 = section.notNegative("satimp.beta2");
    return () -> new ForgetLoss.SaturationImportance(beta1, beta2);
  }

  private static Supplier<ForgetLoss> crossEntropyUnlearning(Section section) {
    int skipped = section.integer("ce-u.skipped-tokens", 0, 1 << 20);
    return () -> new ForgetLoss.CrossEntropyUnlearning(skipped);
  }

  private static Supplier<ForgetLoss> selfDistillation(Section section) {
    double beta = section.positive("undial.beta");
    return () -> new ForgetLoss.SelfDistillation(beta);
  }

  private static Supplier<ForgetLoss> preference(Section section, String name) {
    double beta = section.positive(name + ".beta");
    PreferenceScale scale = section.choice(name + ".scale", SCALES);
    return () -> new ForgetLoss.DirectPreference(beta, scale);
  }

  private static Supplier<ForgetLoss> refusalDivergence(Section section) {
    RefusalTarget target = section.choice("jensun.target", TARGETS);
    return () -> new ForgetLoss.RefusalDivergence(target);
  }

  private static Supplier<ForgetLoss> steering(Section section) {
    SteeringKeys keys = SteeringKeys.read(section);
    double coefficient = section.positive("rmu.coefficient");
    long seed = section.seed("rmu.seed");
    return () -> new ForgetLoss.Steering(keys.place(), coefficient, keys.measure(), seed);
  }
}
