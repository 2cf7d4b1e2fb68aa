package org.lethe.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.lethe.cluster.training.fold.Folds;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.Direction;
import org.lethe.direction.NormalizedDifference;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.WeightedSum;
import org.lethe.model.Adapter;
import org.lethe.model.HiddenPlace;
import org.lethe.objective.ActivationMeasure;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RefusalTarget;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.point.GradientPoint;
import org.lethe.objective.point.Rounded;
import org.lethe.objective.point.Selected;
import org.lethe.objective.point.Sharpened;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.objective.token.SaturationWeights;

/** The methods that {@link DurabilityStudy} compares. */
final class DurabilityMethods {
  private static final double ZERO_NORM = 1e-12;
  private static final String RATE = "rate";
  private static final String GAMMA = "gamma";

  private final StudyBench bench;
  private final ToDoubleFunction<String> chosen;

  /**
   * @param chosen the tuned value of a method by its name; asked when a method that builds on
   *     another one is made
   */
  DurabilityMethods(StudyBench bench, ToDoubleFunction<String> chosen) {
    this.bench = bench;
    this.chosen = chosen;
  }

  /** How a method moves until it has forgotten. */
  enum Course {
    /** Steps of AdamW. */
    STEPS,
    /** Along one gradient of all forget rows, as far as it takes. */
    LINE
  }

  /**
   * A method.
   *
   * @param point where its forget gradient is taken
   * @param trained the weights that it trains; empty: those of the study
   * @param course how it moves
   * @param folds folds of the forget rows, unlearned in stages
   */
  record Method(
      ForgetLoss forget,
      RetainLoss retain,
      Direction direction,
      GradientPoint point,
      Optional<Adapter> trained,
      double rate,
      Course course,
      Folds folds) {

    Method(ForgetLoss forget, RetainLoss retain, Direction direction, double rate) {
      this(
          forget,
          retain,
          direction,
          GradientPoint.PARAMETERS,
          Optional.empty(),
          rate,
          Course.STEPS,
          Folds.ONE);
    }

    Method at(GradientPoint other) {
      return new Method(forget, retain, direction, other, trained, rate, course, folds);
    }

    Method in(Folds other) {
      return new Method(forget, retain, direction, point, trained, rate, course, other);
    }
  }

  /**
   * A method with the values of its main parameter that are tried.
   *
   * @param method the method with such a value
   */
  record Choices(String parameter, List<Double> values, DoubleFunction<Method> method) {}

  /** All methods by name. A method that builds on another one follows it. */
  Map<String, Choices> all() {
    RetainLoss nll = new RetainLoss.NegativeLogLikelihood();
    RetainLoss shannon = new RetainLoss.JensenShannon();
    ForgetLoss ascent = new ForgetLoss.GradientAscent();
    ForgetLoss npo = new ForgetLoss.NegativePreference(0.1);
    ForgetLoss simnpo = new ForgetLoss.SimpleNegativePreference(4.5, 0);
    ForgetLoss jensun = new ForgetLoss.RefusalDivergence(RefusalTarget.CYCLED);
    ForgetLoss wga =
        new ForgetLoss.Weighted(new ForgetLoss.GradientAscent(), new LikelihoodWeights(1));
    ForgetLoss satimp =
        new ForgetLoss.Weighted(new ForgetLoss.GradientAscent(), new SaturationWeights(5, 1));
    Direction sum = new WeightedSum(1, 1);
    Map<String, Choices> methods = new LinkedHashMap<>();
    methods.put("NPO", rated(npo, nll, sum));
    methods.put(
        "BLUR", choices(GAMMA, "0.01,0.1,1", gamma -> blur(npo, nll, gamma, chosen("NPO"))));
    methods.put(
        "BLUR sharpened",
        choices("radius", "0.03,0.1,0.3", radius -> blurNpo().at(new Sharpened(radius))));
    methods.put("JensUn", rated(jensun, shannon, sum));
    methods.put(
        "BLUR over JensUn",
        choices(GAMMA, "0.1,0.3,1", gamma -> blur(jensun, shannon, gamma, chosen("JensUn"))));
    methods.put(
        "NPO sharpened",
        choices(
            "radius",
            "0.03,0.1,0.3",
            radius -> new Method(npo, nll, sum, chosen("NPO")).at(new Sharpened(radius))));
    methods.put("SimNPO", rated(simnpo, nll, new WeightedSum(0.125, 1)));
    methods.put("NGDiff", rated(ascent, nll, new NormalizedDifference(0)));
    methods.put("RMU", choices("coefficient", "5,20,80", this::steering));
    methods.put("RepSelect", choices("components", "16,64,256", this::selection));
    methods.put(
        "BLUR at 4 bits",
        choices("share", "0.25,0.5,0.75", share -> blurNpo().at(new Rounded(share))));
    methods.put(
        "PDU", rated(new ForgetLoss.LogitFlattening(), nll, new PrimalDual(1, 100, 5, 0.3, 0)));
    methods.put(
        "BLUR relative",
        choices(GAMMA, "0.3,1,3", gamma -> relative(npo, nll, gamma, chosen("NPO"))));
    methods.put(
        "BLUR layered",
        choices(
            RATE,
            "1e-4,2e-4,4e-4",
            rate -> blur(npo, nll, chosen("BLUR"), rate).in(new Folds(bench.integer("folds", 2)))));
    methods.put("WGA", rated(wga, nll, sum));
    methods.put("SatImp", rated(satimp, nll, new WeightedSum(0.1, 1)));
    methods.put(
        "BLUR over WGA",
        choices(GAMMA, "0.1,0.3,1", gamma -> blur(wga, nll, gamma, chosen("WGA"))));
    return methods;
  }

  private double chosen(String method) {
    return chosen.applyAsDouble(method);
  }

  private Choices rated(ForgetLoss forget, RetainLoss retain, Direction direction) {
    return choices(RATE, "1e-4,2e-4,4e-4", rate -> new Method(forget, retain, direction, rate));
  }

  /** The values can be changed by a key of the parameter's name. */
  private Choices choices(String parameter, String values, DoubleFunction<Method> method) {
    return new Choices(parameter, bench.numbers(parameter, values), method);
  }

  private static Method blur(ForgetLoss forget, RetainLoss retain, double gamma, double rate) {
    return new Method(forget, retain, new Blur(gamma, ZERO_NORM), rate);
  }

  private static Method relative(ForgetLoss forget, RetainLoss retain, double gamma, double rate) {
    return new Method(forget, retain, new BlurRelative(gamma, ZERO_NORM), rate);
  }

  /** BLUR as it was tuned. */
  private Method blurNpo() {
    return blur(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        chosen("BLUR"),
        chosen("NPO"));
  }

  private Optional<Adapter> weights(String key, String otherwise) {
    return Optional.of(new Adapter.Chosen(List.of(bench.text(key, otherwise).split(" "))));
  }

  /** RMU reads a block and trains three matrices up to it, as on Zephyr-7B. */
  private Method steering(double coefficient) {
    HiddenPlace place = new HiddenPlace(bench.integer("block", 3), HiddenPlace.Tokens.ALL);
    return new Method(
        new ForgetLoss.Steering(place, coefficient, ActivationMeasure.MEAN_SQUARE, 1),
        new RetainLoss.ActivationMatch(place, ActivationMeasure.MEAN_SQUARE),
        new WeightedSum(1, bench.number("steering-retain", 100)),
        GradientPoint.PARAMETERS,
        weights("steered", "layers.{1,2,3}.mlp.down_proj.weight"),
        bench.number("steering-rate", 1e-3),
        Course.STEPS,
        Folds.ONE);
  }

  /** The length of its first step hardly matters. */
  private Method selection(double components) {
    return new Method(
        new ForgetLoss.GradientAscent(),
        new RetainLoss.NegativeLogLikelihood(),
        new WeightedSum(1, 0),
        new Selected(8, 0.01, (int) components, 42),
        weights("selected", "layers.*.mlp.{gate_proj,up_proj,down_proj}.weight"),
        10,
        Course.LINE,
        Folds.ONE);
  }
}
