package org.lethe.benchmarks;

import static org.lethe.benchmarks.StudyBench.say;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.FlatVector;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.NormalizedDifference;
import org.lethe.direction.PrimalDual;
import org.lethe.direction.WeightedSum;
import org.lethe.evaluation.attack.WeightRounding;
import org.lethe.model.Decoder;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.RefusalTarget;
import org.lethe.objective.RetainLoss;
import org.lethe.objective.point.GradientPoint;
import org.lethe.objective.point.Rounded;
import org.lethe.objective.point.Sharpened;
import org.lethe.objective.token.LikelihoodWeights;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Measures how much forgetting stays: after relearning half of the forget rows for one epoch, on
 * the other half, and after rounding the weights to 4 bits. All methods begin with the same model
 * and take the same steps at the same rates; the reader picks each method's rate. Prints CSV.
 */
final class DurabilityStudy {
  private static final double ZERO_NORM = 1e-12;
  private static final WeightRounding FOUR_BITS = new WeightRounding(4, 64);

  private final StudyBench bench;

  DurabilityStudy(StudyBench bench) {
    this.bench = bench;
  }

  /**
   * A method.
   *
   * @param point where its forget gradient is taken
   */
  private record Method(
      ForgetLoss forget, RetainLoss retain, Direction direction, GradientPoint point) {
    Method at(GradientPoint other) {
      return new Method(forget, retain, direction, other);
    }
  }

  /** Nats per token of a model. */
  private record Losses(double forget, double other, double retain) {}

  void run() {
    say(
        "method,rate,seed,forget_loss,retain_loss,other_half_before,other_half_relearned,"
            + "forget_loss_4_bit,retain_loss_4_bit");
    try (Decoder decoder = bench.source().load(new Configuration())) {
      Losses before = losses(decoder);
      say(row("before", 0, 0, before, before.other(), losses(decoder)));
    }
    String wanted = bench.text("methods", "");
    methods()
        .forEach(
            (name, method) -> {
              if (wanted.isEmpty() || List.of(wanted.split(",")).contains(name)) {
                for (double rate : bench.numbers("rates", "2e-4,4e-4,8e-4,1.6e-3,3.2e-3")) {
                  for (double seed : bench.numbers("seeds", "1,2,3")) {
                    one(name, method, rate, (long) seed);
                  }
                }
              }
            });
  }

  private void one(String name, Method method, double rate, long seed) {
    try (Decoder decoder = bench.source().load(new Configuration());
        Decoder initial = bench.source().load(new Configuration());
        FlatVector unlearned = decoder.parameters().math().copyOf(decoder.parameters())) {
      Map<String, Double> reference = bench.reference(initial);
      Map<String, Example> refusals = bench.refusals();
      LocalSteps.train(
          decoder,
          training(method, bench.integer("steps", 32), rate, seed),
          bench.forget(),
          bench.retain(),
          new LossInputs(
              reference::get,
              Optional.of(initial),
              example -> refusals.get(example.id()),
              id -> {
                throw new IllegalStateException("Not used");
              }),
          Optional.of(initial));
      Losses after = losses(decoder);
      unlearned.math().copy(decoder.parameters(), unlearned);
      relearn(decoder, seed);
      double relearned = losses(decoder).other();
      unlearned.math().copy(unlearned, decoder.parameters());
      decoder.changeLinearMaps(FOUR_BITS::apply);
      say(row(name, rate, seed, after, relearned, losses(decoder)));
    }
  }

  /** One epoch of ordinary training on the first half of the forget rows. */
  private void relearn(Decoder decoder, long seed) {
    List<Example> rows = half(0);
    int batch = bench.integer("batch", 8);
    Method nll =
        new Method(
            new ForgetLoss.GradientAscent(),
            new RetainLoss.NegativeLogLikelihood(),
            new WeightedSum(0, 1),
            GradientPoint.PARAMETERS);
    int steps = (rows.size() + batch - 1) / batch;
    LocalSteps.train(
        decoder,
        training(nll, steps, bench.number("relearning-rate", 5e-4), seed),
        rows,
        rows,
        LossInputs.NONE,
        Optional.empty());
  }

  private List<Example> half(int which) {
    List<Example> rows = new ArrayList<>();
    for (int i = which; i < bench.forget().size(); i += 2) {
      rows.add(bench.forget().get(i));
    }
    return rows;
  }

  private Losses losses(Decoder decoder) {
    return new Losses(
        loss(decoder, bench.forget()), loss(decoder, half(1)), loss(decoder, bench.retain()));
  }

  private static double loss(Decoder decoder, List<Example> rows) {
    double sum = 0;
    long tokens = 0;
    for (Example row : rows) {
      sum += decoder.forward(Batch.of(List.of(row))).sum(0);
      tokens += row.completionTokens();
    }
    return sum / tokens;
  }

  private static String row(
      String name, double rate, long seed, Losses after, double relearned, Losses rounded) {
    List<ToDoubleFunction<Losses>> figures = List.of(Losses::forget, Losses::retain, Losses::other);
    StringBuilder line = new StringBuilder(name + "," + rate + "," + seed);
    figures.forEach(
        figure -> line.append(String.format(Locale.ROOT, ",%.4f", figure.applyAsDouble(after))));
    return line.append(
            String.format(
                Locale.ROOT, ",%.4f,%.4f,%.4f", relearned, rounded.forget(), rounded.retain()))
        .toString();
  }

  private TrainingSettings training(Method method, int steps, double rate, long seed) {
    int batch = bench.integer("batch", 8);
    return new TrainingSettings(
            method.forget(),
            method.retain(),
            method.direction(),
            new AdamW(0.9, 0.999, 1e-8, 0),
            new LearningRate.Cosine(rate, Math.min(10, steps / 3), 0),
            1,
            Averaging.PARAMETERS,
            1,
            steps,
            batch,
            batch,
            1,
            seed)
        .with(method.point());
  }

  private Map<String, Method> methods() {
    RetainLoss nll = new RetainLoss.NegativeLogLikelihood();
    ForgetLoss npo = new ForgetLoss.NegativePreference(0.1);
    ForgetLoss simnpo = new ForgetLoss.SimpleNegativePreference(4.5, 0);
    ForgetLoss jensun = new ForgetLoss.RefusalDivergence(RefusalTarget.CYCLED);
    ForgetLoss flattening = new ForgetLoss.LogitFlattening();
    ForgetLoss weighted =
        new ForgetLoss.Weighted(new ForgetLoss.GradientAscent(), new LikelihoodWeights(1));
    Direction blur = new Blur(bench.number("gamma", 0.1), ZERO_NORM);
    Direction relative = new BlurRelative(bench.number("relative-gamma", 0.3), ZERO_NORM);
    GradientPoint sharpened = new Sharpened(bench.number("radius", 0.1));
    GradientPoint rounded = new Rounded(bench.number("share", 0.75));
    Map<String, Method> methods = new LinkedHashMap<>();
    methods.put("npo", plain(npo, nll, new WeightedSum(1, 1)));
    methods.put("simnpo", plain(simnpo, nll, new WeightedSum(0.125, 1)));
    methods.put("ngdiff", plain(new ForgetLoss.GradientAscent(), nll, new NormalizedDifference(0)));
    methods.put("pdu", plain(flattening, nll, new PrimalDual(1, 100, 5, 0.3, 0)));
    methods.put("jensun", plain(jensun, new RetainLoss.JensenShannon(), new WeightedSum(1, 1)));
    methods.put("npo-sam", plain(npo, nll, new WeightedSum(1, 1)).at(sharpened));
    methods.put("npo-rounded", plain(npo, nll, new WeightedSum(1, 1)).at(rounded));
    methods.put("wga", plain(weighted, nll, new WeightedSum(1, 1)));
    methods.put("blur-npo", plain(npo, nll, blur));
    methods.put("blur-npo-sam", plain(npo, nll, blur).at(sharpened));
    methods.put("blur-npo-rounded", plain(npo, nll, blur).at(rounded));
    methods.put("blur-jensun", plain(jensun, new RetainLoss.JensenShannon(), blur));
    methods.put("blur-wga", plain(weighted, nll, blur));
    methods.put("blur-relative-npo", plain(npo, nll, relative));
    methods.put("blur-relative-npo-sam", plain(npo, nll, relative).at(sharpened));
    methods.put("blur-relative-jensun", plain(jensun, new RetainLoss.JensenShannon(), relative));
    return methods;
  }

  private static Method plain(ForgetLoss forget, RetainLoss retain, Direction direction) {
    return new Method(forget, retain, direction, GradientPoint.PARAMETERS);
  }
}
