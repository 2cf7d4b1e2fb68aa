package org.lethe.benchmarks;

import static org.lethe.benchmarks.StudyBench.say;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.training.LocalSteps;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurBarrier;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.Combination;
import org.lethe.direction.Direction;
import org.lethe.direction.LossGradients;
import org.lethe.direction.LossGradients.LossGradient;
import org.lethe.direction.OptimizerState;
import org.lethe.model.Decoder;
import org.lethe.model.Gradients;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.LossInputs;
import org.lethe.objective.LossSum;
import org.lethe.objective.Objective;
import org.lethe.objective.RetainLoss;
import org.lethe.text.Batch;
import org.lethe.text.Example;

/**
 * Measures whether the step that AdamW applies keeps the direction's promise about the forget loss.
 * There are two measures for each step of one worker. The first is the first-order change of the
 * forget loss by the new part of the step, as a share of -rate gamma |g_f|_P^2 (1: kept exactly;
 * below 0: works against forgetting). The second is the sign of the change by the whole step,
 * momentum included.
 */
final class PromiseStudy {
  private static final double ZERO_NORM = 1e-12;

  private final StudyBench bench;

  PromiseStudy(StudyBench bench) {
    this.bench = bench;
  }

  void run() {
    say(
        "| direction | beta1 | gamma | share of the promise: median | 5 % and 95 % | new part"
            + " against | whole step against | last 10: forget, retain loss |");
    for (double beta1 : bench.numbers("beta1s", "0.9,0")) {
      for (double gamma : bench.numbers("gammas", "0.1,1")) {
        for (Direction direction :
            List.of(
                new Blur(gamma, ZERO_NORM),
                new BlurBarrier(gamma, ZERO_NORM),
                new BlurMetric(gamma, ZERO_NORM))) {
          Tally tally = new Tally(gamma);
          for (double seed : bench.numbers("seeds", "1,2,3")) {
            steps(direction, beta1, (long) seed, tally);
          }
          say(tally.row(direction.getClass().getSimpleName(), beta1));
        }
      }
    }
  }

  private void steps(Direction direction, double beta1, long seed, Tally tally) {
    AdamW adamw = new AdamW(beta1, 0.999, 1e-8, 0);
    int batch = bench.integer("batch", 8);
    LongFunction<List<Example>> forgetBatches =
        LocalSteps.batches(bench.forget(), "forget", batch, seed);
    LongFunction<List<Example>> retainBatches =
        LocalSteps.batches(bench.retain(), "retain", batch, seed);
    try (Decoder decoder = bench.source().load(new Configuration());
        Gradients f = decoder.newGradients();
        Gradients r = decoder.newGradients();
        OptimizerState state = adamw.newState(decoder.parameters())) {
      Map<String, Double> reference = bench.reference(decoder);
      Objective npo =
          new ForgetLoss.NegativePreference(0.1)
              .objective(LossInputs.of(reference::get, Optional.empty()));
      Objective nll = new RetainLoss.NegativeLogLikelihood().objective(Optional.empty());
      int steps = bench.integer("steps", 120);
      for (int step = 0; step < steps; step++) {
        f.clear();
        r.clear();
        LossSum forgetLoss = npo.accumulate(decoder, Batch.of(forgetBatches.apply(step)), f);
        LossSum retainLoss = nll.accumulate(decoder, Batch.of(retainBatches.apply(step)), r);
        LossGradients gradients =
            new LossGradients(
                Optional.of(new LossGradient(f.flat(), 1.0 / forgetLoss.count())),
                Optional.of(new LossGradient(r.flat(), 1.0 / retainLoss.count())),
                decoder.layout(),
                adamw.metric(state, step, 1));
        Combination d = direction.combine(gradients);
        InnerProducts metric = gradients.metric().products(gradients, d);
        double weight =
            d.terms().get(1).weight() / gradients.forget().orElseThrow().scale(); // of g_f
        tally.newPart(metric.mixed() + weight * metric.second(), metric.second());
        try (FlatVector moved = decoder.parameters().math().copyOf(decoder.parameters())) {
          adamw.step(decoder.parameters(), d.clipped(1), state, step, bench.number("rate", 5e-4));
          moved.math().axpby(1, decoder.parameters(), -1, moved);
          tally.wholeStep(moved.math().innerProducts(moved, f.flat()).mixed());
        }
        if (step >= steps - 10) {
          tally.losses(forgetLoss.mean(), retainLoss.mean());
        }
      }
    }
  }

  /** Totals over all steps of all seeds. */
  private static final class Tally {
    private final double gamma;
    private final List<Double> kept = new ArrayList<>();
    private final List<Double> forget = new ArrayList<>();
    private final List<Double> retain = new ArrayList<>();
    private int against;

    Tally(double gamma) {
      this.gamma = gamma;
    }

    /** &lt;g_f, d&gt;_P and |g_f|_P^2. */
    void newPart(double descent, double squared) {
      kept.add(descent / (gamma * squared));
    }

    /** &lt;step, g_f&gt;: above 0 it raises the forget loss. */
    void wholeStep(double change) {
      against += change > 0 ? 1 : 0;
    }

    void losses(double forgetLoss, double retainLoss) {
      forget.add(forgetLoss);
      retain.add(retainLoss);
    }

    String row(String direction, double beta1) {
      List<Double> sorted = kept.stream().sorted().toList();
      int n = sorted.size();
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.2g | %.3f | %.3f, %.3f | %.1f %% | %.1f %% | %.3f, %.3f |",
          direction,
          beta1,
          gamma,
          sorted.get(n / 2),
          sorted.get(n / 20),
          sorted.get(n * 19 / 20),
          100.0 * sorted.stream().filter(share -> share < 0).count() / n,
          100.0 * against / n,
          mean(forget),
          mean(retain));
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
  }
}
