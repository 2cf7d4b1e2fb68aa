package org.lethe.jobs.config;

import org.lethe.direction.Blur;
import org.lethe.direction.BlurBarrier;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.BlurScaled;
import org.lethe.direction.BlurSwapped;
import org.lethe.direction.ConflictProjection;
import org.lethe.direction.ConflictProjection.Scope;
import org.lethe.direction.Direction;
import org.lethe.direction.NormalizedDifference;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.SignAgreement;
import org.lethe.direction.WeightedSum;
import org.lethe.model.HiddenPlace;
import org.lethe.objective.ActivationMeasure;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.PreferenceScale;
import org.lethe.objective.RetainLoss;

/**
 * Binds the parts of lethe.unlearn that make a method: forget loss, retain loss and direction. Here
 * a new one gets its name. Every key is read whatever was chosen, so that a wrong one is always
 * told.
 */
final class MethodBinding {
  private static final String PREFIX = "lethe.unlearn.";
  private static final double ANY = Double.MAX_VALUE;

  private final ConfigurationReader reader;

  MethodBinding(ConfigurationReader reader) {
    this.reader = reader;
  }

  ForgetLoss forgetLoss() {
    double npoBeta = reader.positive(PREFIX + "npo.beta");
    double simnpoBeta = reader.positive(PREFIX + "simnpo.beta");
    double simnpoDelta = number("simnpo.delta");
    double wgaBeta = number("wga.beta");
    double satimpBeta1 = number("satimp.beta1");
    double satimpBeta2 = number("satimp.beta2");
    int skippedTokens = reader.integer(PREFIX + "ce-u.skipped-tokens", 0, 1 << 20);
    double undialBeta = reader.positive(PREFIX + "undial.beta");
    double idkdpoBeta = reader.positive(PREFIX + "idkdpo.beta");
    PreferenceScale idkdpoScale = scale("idkdpo.scale");
    double altpoBeta = reader.positive(PREFIX + "altpo.beta");
    PreferenceScale altpoScale = scale("altpo.scale");
    double coefficient = reader.positive(PREFIX + "rmu.coefficient");
    long rmuSeed = reader.wholeNumber(PREFIX + "rmu.seed", Long.MIN_VALUE, Long.MAX_VALUE);
    HiddenPlace place = place();
    ActivationMeasure measure = measure();
    String chosen =
        reader.choice(
            PREFIX + "forget-loss",
            "npo",
            "simnpo",
            "ga",
            "wga",
            "satimp",
            "ce-u",
            "undial",
            "kl-uniform",
            "idknll",
            "idkdpo",
            "altpo",
            "rmu",
            "pdu");
    return switch (chosen) {
      case "simnpo" -> new ForgetLoss.SimpleNegativePreference(simnpoBeta, simnpoDelta);
      case "ga" -> new ForgetLoss.GradientAscent();
      case "wga" -> new ForgetLoss.WeightedGradientAscent(wgaBeta);
      case "satimp" -> new ForgetLoss.SaturationImportance(satimpBeta1, satimpBeta2);
      case "ce-u" -> new ForgetLoss.CrossEntropyUnlearning(skippedTokens);
      case "undial" -> new ForgetLoss.SelfDistillation(undialBeta);
      case "kl-uniform" -> new ForgetLoss.UniformDivergence();
      case "idknll" -> new ForgetLoss.AlternativeLikelihood();
      case "idkdpo" -> new ForgetLoss.DirectPreference(idkdpoBeta, idkdpoScale);
      case "altpo" -> new ForgetLoss.DirectPreference(altpoBeta, altpoScale);
      case "rmu" -> new ForgetLoss.Steering(place, coefficient, measure, rmuSeed);
      case "pdu" -> new ForgetLoss.LogitFlattening();
      default -> new ForgetLoss.NegativePreference(npoBeta);
    };
  }

  private PreferenceScale scale(String key) {
    return reader.choice(PREFIX + key, "one", "two-over-beta").equals("one")
        ? PreferenceScale.ONE
        : PreferenceScale.TWO_OVER_BETA;
  }

  /** Of both losses of RMU. */
  private HiddenPlace place() {
    int layer = reader.integer(PREFIX + "rmu.layer", 0, 1 << 20);
    String tokens = reader.choice(PREFIX + "rmu.tokens", "all", "completion");
    return new HiddenPlace(
        layer, tokens.equals("all") ? HiddenPlace.Tokens.ALL : HiddenPlace.Tokens.COMPLETION);
  }

  private ActivationMeasure measure() {
    return reader
            .choice(PREFIX + "rmu.measure", "squared-norm", "mean-square")
            .equals("squared-norm")
        ? ActivationMeasure.SQUARED_NORM
        : ActivationMeasure.MEAN_SQUARE;
  }

  /** Without a retain loss the direction does not ask for one; see {@link #direction}. */
  RetainLoss retainLoss() {
    return switch (retainLossName()) {
      case "kl" -> new RetainLoss.Divergence();
      case "activations" -> new RetainLoss.ActivationMatch(place(), measure());
      default -> new RetainLoss.NegativeLogLikelihood();
    };
  }

  private String retainLossName() {
    return reader.choice(PREFIX + "retain-loss", "nll", "kl", "activations", "none");
  }

  Direction direction() {
    double gamma = number("blur.gamma");
    double alpha = reader.positive(PREFIX + "blur.alpha");
    double zeroNorm = number("blur.zero-norm");
    double sumForget = number("weighted-sum.forget");
    double sumRetain = number("weighted-sum.retain");
    double ngdiffZeroNorm = number("ngdiff.zero-norm");
    double pcgradForget = number("pcgrad.forget");
    double pcgradRetain = number("pcgrad.retain");
    Scope scope =
        reader.choice(PREFIX + "pcgrad.scope", "all", "tensor").equals("all")
            ? Scope.ALL
            : Scope.TENSOR;
    double sagoForget = number("sago.forget");
    double sagoRetain = number("sago.retain");
    PrimalDual primalDual =
        new PrimalDual(
            reader.positive(PREFIX + "primal-dual.forget"),
            number("primal-dual.retain"),
            number("primal-dual.step-size"),
            number("primal-dual.bound"),
            reader.wholeNumber(PREFIX + "primal-dual.warm-up-steps", 0, Long.MAX_VALUE));
    String chosen =
        reader.choice(
            PREFIX + "direction",
            "blur",
            "blur-barrier",
            "blur-metric",
            "blur-relative",
            "blur-scaled",
            "blur-swapped",
            "weighted-sum",
            "ngdiff",
            "pcgrad",
            "sago",
            "primal-dual");
    if (retainLossName().equals("none")) {
      if (!chosen.equals("weighted-sum")) {
        reader.problem(PREFIX + "direction", "weighted-sum, since there is no retain loss");
      }
      return new WeightedSum(sumForget, 0);
    }
    return switch (chosen) {
      case "blur-barrier" -> new BlurBarrier(gamma, zeroNorm);
      case "blur-metric" -> new BlurMetric(gamma, zeroNorm);
      case "blur-relative" -> new BlurRelative(gamma, zeroNorm);
      case "blur-scaled" -> new BlurScaled(alpha, zeroNorm);
      case "blur-swapped" -> new BlurSwapped(gamma, zeroNorm);
      case "weighted-sum" -> new WeightedSum(sumForget, sumRetain);
      case "ngdiff" -> new NormalizedDifference(ngdiffZeroNorm);
      case "pcgrad" -> new ConflictProjection(pcgradForget, pcgradRetain, scope);
      case "primal-dual" -> primalDual;
      case "sago" -> new SignAgreement(sagoForget, sagoRetain);
      default -> new Blur(gamma, zeroNorm);
    };
  }

  private double number(String key) {
    return reader.number(PREFIX + key, 0, ANY);
  }
}
