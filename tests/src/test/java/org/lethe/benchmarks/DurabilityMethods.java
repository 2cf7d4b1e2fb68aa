package org.lethe.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.direction.Blur;
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

  private final StudyBench bench;

  DurabilityMethods(StudyBench bench) {
    this.bench = bench;
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
   * @param rates its rates, in units of those of the study
   * @param course how it moves
   */
  record Method(
      ForgetLoss forget,
      RetainLoss retain,
      Direction direction,
      GradientPoint point,
      Optional<Adapter> trained,
      double rates,
      Course course) {

    Method(ForgetLoss forget, RetainLoss retain, Direction direction) {
      this(forget, retain, direction, GradientPoint.PARAMETERS, Optional.empty(), 1, Course.STEPS);
    }

    Method at(GradientPoint other) {
      return new Method(forget, retain, direction, other, trained, rates, course);
    }
  }

  /** All methods by name. */
  Map<String, Method> all() {
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
    Direction blur = new Blur(bench.number("gamma", 1), ZERO_NORM);
    Direction gentle = new Blur(bench.number("low-gamma", 0.1), ZERO_NORM);
    GradientPoint sharpened = new Sharpened(bench.number("radius", 0.1));
    GradientPoint rounded = new Rounded(bench.number("share", 0.75));
    Map<String, Method> methods = new LinkedHashMap<>();
    methods.put("NPO", new Method(npo, nll, new WeightedSum(1, 1)));
    methods.put("SimNPO", new Method(simnpo, nll, new WeightedSum(0.125, 1)));
    methods.put("RMU", steering());
    methods.put(
        "RepSelect",
        new Method(
            ascent,
            nll,
            new WeightedSum(1, 0),
            new Selected(8, 0.01, bench.integer("components", 64), 42),
            chosen("selected", "layers.*.mlp.{gate_proj,up_proj,down_proj}.weight"),
            1e5,
            Course.LINE));
    methods.put("NGDiff", new Method(ascent, nll, new NormalizedDifference(0)));
    methods.put(
        "PDU",
        new Method(new ForgetLoss.LogitFlattening(), nll, new PrimalDual(1, 100, 5, 0.3, 0)));
    methods.put("JensUn", new Method(jensun, shannon, new WeightedSum(1, 1)));
    methods.put("NPO sharpened", new Method(npo, nll, new WeightedSum(1, 1)).at(sharpened));
    methods.put("NPO at 4 bits", new Method(npo, nll, new WeightedSum(1, 1)).at(rounded));
    methods.put("BLUR", new Method(npo, nll, blur));
    methods.put("BLUR, low gamma", new Method(npo, nll, gentle));
    methods.put("BLUR over SimNPO", new Method(simnpo, nll, blur));
    methods.put("BLUR over JensUn", new Method(jensun, shannon, blur));
    methods.put("BLUR sharpened", new Method(npo, nll, blur).at(sharpened));
    methods.put("BLUR at 4 bits", new Method(npo, nll, blur).at(rounded));
    methods.put("BLUR over WGA", new Method(wga, nll, blur));
    methods.put("BLUR over SatImp", new Method(satimp, nll, blur));
    return methods;
  }

  private Optional<Adapter> chosen(String key, String otherwise) {
    return Optional.of(new Adapter.Chosen(List.of(bench.text(key, otherwise).split(" "))));
  }

  /** RMU reads a block and trains three matrices up to it, as on Zephyr-7B. */
  private Method steering() {
    HiddenPlace place = new HiddenPlace(bench.integer("block", 3), HiddenPlace.Tokens.ALL);
    return new Method(
        new ForgetLoss.Steering(
            place, bench.number("coefficient", 500), ActivationMeasure.MEAN_SQUARE, 1),
        new RetainLoss.ActivationMatch(place, ActivationMeasure.MEAN_SQUARE),
        new WeightedSum(1, bench.number("steering-retain", 10)),
        GradientPoint.PARAMETERS,
        chosen("steered", "layers.{1,2,3}.mlp.down_proj.weight"),
        5,
        Course.STEPS);
  }
}
