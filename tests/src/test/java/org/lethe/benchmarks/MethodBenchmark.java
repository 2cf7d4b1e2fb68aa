package org.lethe.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.lethe.compute.Vectors;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.ConflictProjection;
import org.lethe.direction.ConflictProjection.Scope;
import org.lethe.direction.Direction;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.Metric;
import org.lethe.direction.NormalizedDifference;
import org.lethe.direction.OptimizerState;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.SignAgreement;
import org.lethe.direction.WeightedSum;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.model.HiddenPlace;
import org.lethe.model.RandomWeights;
import org.lethe.model.architecture.Architecture;
import org.lethe.model.architecture.LlamaConfig;
import org.lethe.objective.ActivationMeasure;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.Objective;
import org.lethe.objective.PreferenceScale;
import org.lethe.objective.RefusalTarget;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.point.GradientPoint;
import org.lethe.objective.point.Rounded;
import org.lethe.objective.point.Sharpened;
import org.lethe.text.Batch;
import org.lethe.text.Example;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures the cost of each loss and each direction on stories15M's shape, as a share of one pass
 * of token-mean training. Costs are CPU seconds of the process, which other work on the machine
 * affects less. Prints the median and the best of several rounds, run in turn. RMU's losses read
 * the fourth of six layers and train down_proj of three.
 *
 * <p>Arguments: rounds (default 5), and the names to measure, separated by commas (default: all).
 */
public final class MethodBenchmark {
  private static final Architecture CONFIG =
      new LlamaConfig(
              288, 768, 6, 6, 6, 48, 32000, 256, 1e-5, 10000, Optional.empty(), true, Set.of())
          .architecture();

  /** A late step, so that the moments have a history. */
  private static final long STEP = 500;

  private MethodBenchmark() {}

  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    Batch batch = batch();
    try (Decoder decoder = load();
        Decoder initial = load();
        Gradients forget = decoder.newGradients();
        Gradients retain = decoder.newGradients();
        Decoder partial = load(new Adapter.Chosen(List.of("layers.{1,2,3}.mlp.down_proj.weight")));
        Gradients few = partial.newGradients()) {
      Map<String, Runnable> work = new LinkedHashMap<>();
      losses(initial)
          .forEach((name, loss) -> work.put(name, () -> loss.accumulate(decoder, batch, forget)));
      Objective npo = losses(initial).get("npo");
      points()
          .forEach(
              (name, point) ->
                  work.put(name, () -> point.accumulate(decoder, List.of(batch), npo, forget)));
      hiddenLosses(initial)
          .forEach((name, loss) -> work.put(name, () -> loss.accumulate(partial, batch, few)));
      AdamW adamw = new AdamW(0.9, 0.999, 1e-8, 0.01);
      OptimizerState state = adamw.newState(decoder.parameters());
      directions()
          .forEach(
              (name, direction) ->
                  work.put(
                      name,
                      () ->
                          adamw.step(
                              decoder.parameters(),
                              direction.combine(
                                  gradients(
                                      decoder,
                                      forget,
                                      retain,
                                      adamw.metric(state, STEP, Double.POSITIVE_INFINITY))),
                              state,
                              STEP,
                              0)));
      if (arguments.length > 1) {
        List<String> wanted = List.of(arguments[1].split(","));
        work.keySet().removeIf(name -> !wanted.contains(name) && !name.equals("nll"));
      }
      Map<String, List<Double>> taken = new LinkedHashMap<>();
      for (int round = -2; round < rounds; round++) {
        for (Map.Entry<String, Runnable> entry : work.entrySet()) {
          // Steps overwrite gradients, and some gradients grow without bound.
          Vectors.assign(
              forget.flat(), Nd4j.rand(DataType.FLOAT, forget.flat().length()).subi(0.5));
          Vectors.assign(
              retain.flat(), Nd4j.rand(DataType.FLOAT, forget.flat().length()).subi(0.5));
          double seconds = seconds(entry.getValue());
          if (round >= 0) {
            taken.computeIfAbsent(entry.getKey(), name -> new ArrayList<>()).add(seconds);
          }
        }
      }
      double unit = median(taken.get("nll"));
      double bestUnit = Collections.min(taken.get("nll"));
      taken.forEach(
          (name, seconds) ->
              System.out.printf(
                  Locale.ROOT,
                  "%-20s %8.3f s  %6.3f passes, best %6.3f%n",
                  name,
                  median(seconds),
                  median(seconds) / unit,
                  Collections.min(seconds) / bestUnit));
    }
  }

  private static double median(List<Double> seconds) {
    return seconds.stream().sorted().toList().get(seconds.size() / 2);
  }

  private static Map<String, Objective> losses(Decoder initial) {
    Map<String, Objective> losses = new LinkedHashMap<>();
    losses.put("nll", new RetainLoss.NegativeLogLikelihood().objective(Optional.empty()));
    losses.put("kl", new RetainLoss.Divergence().objective(Optional.of(initial)));
    losses.put("js", new RetainLoss.JensenShannon().objective(Optional.of(initial)));
    Map<String, ForgetLoss> forget = new LinkedHashMap<>();
    forget.put("ga", new ForgetLoss.GradientAscent());
    forget.put("npo", new ForgetLoss.NegativePreference(0.1));
    forget.put("simnpo", new ForgetLoss.SimpleNegativePreference(4.5, 0));
    forget.put("wga", new ForgetLoss.WeightedGradientAscent(1));
    forget.put("satimp", new ForgetLoss.SaturationImportance(5, 1));
    forget.put("ce-u", new ForgetLoss.CrossEntropyUnlearning(1));
    forget.put("undial", new ForgetLoss.SelfDistillation(10));
    forget.put("kl-uniform", new ForgetLoss.UniformDivergence());
    forget.put("pdu", new ForgetLoss.LogitFlattening());
    forget.put("jensun", new ForgetLoss.RefusalDivergence(RefusalTarget.CYCLED));
    forget.put("idknll", new ForgetLoss.AlternativeLikelihood());
    forget.put("idkdpo", new ForgetLoss.DirectPreference(0.1, PreferenceScale.ONE));
    // An alternative answer as long as the answer.
    LossInputs inputs =
        new LossInputs(id -> 1000, Optional.of(initial), example -> example, id -> 1000);
    forget.forEach((name, loss) -> losses.put(name, loss.objective(inputs)));
    return losses;
  }

  private static Map<String, GradientPoint> points() {
    Map<String, GradientPoint> points = new LinkedHashMap<>();
    points.put("npo, sharpened", new Sharpened(0.1));
    points.put("npo, rounded", new Rounded(1));
    points.put("npo, rounded in part", new Rounded(0.75));
    return points;
  }

  private static Map<String, Objective> hiddenLosses(Decoder initial) {
    HiddenPlace place = new HiddenPlace(3, HiddenPlace.Tokens.ALL);
    Map<String, Objective> losses = new LinkedHashMap<>();
    losses.put(
        "rmu",
        new ForgetLoss.Steering(place, 20, ActivationMeasure.SQUARED_NORM, 1)
            .objective(LossInputs.NONE));
    losses.put(
        "activations",
        new RetainLoss.ActivationMatch(place, ActivationMeasure.SQUARED_NORM)
            .objective(Optional.of(initial)));
    return losses;
  }

  private static Map<String, Direction> directions() {
    Map<String, Direction> directions = new LinkedHashMap<>();
    directions.put("step, retain alone", new WeightedSum(0, 1));
    directions.put("step, weighted sum", new WeightedSum(1, 1));
    directions.put("step, blur", new Blur(1, 0));
    directions.put("step, primal-dual", new PrimalDual(1, 100, 5, 0.3, 0));
    directions.put("step, blur-metric", new BlurMetric(1, 0));
    directions.put("step, ngdiff", new NormalizedDifference(0));
    directions.put("step, pcgrad all", new ConflictProjection(1, 1, Scope.ALL));
    directions.put("step, pcgrad tensor", new ConflictProjection(1, 1, Scope.TENSOR));
    directions.put("step, sago", new SignAgreement(1, 1));
    return directions;
  }

  private static LossGradients gradients(
      Decoder decoder, Gradients forget, Gradients retain, Metric metric) {
    return new LossGradients(
        Optional.of(new LossGradient(forget.flat(), 1.0 / 8)),
        Optional.of(new LossGradient(retain.flat(), 1.0 / 1024)),
        decoder.layout(),
        metric);
  }

  private static Decoder load() {
    return load(Adapter.full());
  }

  private static Decoder load(Adapter adapter) {
    return Decoder.load(CONFIG, adapter, DataType.FLOAT, new RandomWeights(1));
  }

  /** Eight sequences of 128 predicted tokens. */
  private static Batch batch() {
    List<Example> examples = new ArrayList<>();
    for (int b = 0; b < 8; b++) {
      int[] tokens = new SplittableRandom(b).ints(129, 3, CONFIG.vocabularySize()).toArray();
      examples.add(new Example("row " + b, tokens, 1));
    }
    return Batch.of(examples);
  }

  private static double seconds(Runnable work) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = system.getProcessCpuTime();
    work.run();
    return (system.getProcessCpuTime() - start) / 1e9;
  }
}
