package org.lethe.benchmarks;

import static org.lethe.benchmarks.StudyBench.say;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.benchmarks.StudyBench.Outcome;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.BlurBarrier;
import org.lethe.direction.BlurMetric;
import org.lethe.direction.BlurRelative;
import org.lethe.direction.Direction;
import org.lethe.direction.LearningRate;
import org.lethe.direction.WeightedSum;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/**
 * Measures whether the forms of BLUR that are not in the paper help. Trains all forms over NPO and
 * NLL from the same model, with the same steps and the same rates. The reader picks each form's
 * best rate.
 */
final class VariantStudy {
  private static final double ZERO_NORM = 1e-12;

  private final StudyBench bench;
  private final JavaSparkContext spark;

  VariantStudy(StudyBench bench, JavaSparkContext spark) {
    this.bench = bench;
    this.spark = spark;
  }

  /** A form of BLUR and its kind of step size. */
  private record Variant(Direction direction, boolean automatic) {}

  void run() throws IOException {
    say("| form | gamma | rate | " + StudyBench.OUTCOME_HEAD + " | seconds |");
    say("| before | | | " + Outcome.row(List.of(bench.before())) + " | |");
    for (Map.Entry<String, Variant> one : variants().entrySet()) {
      for (double rate : bench.numbers("rates", "1e-4,2e-4,4e-4,8e-4")) {
        long start = System.nanoTime();
        List<Outcome> seeds = new ArrayList<>();
        for (double seed : bench.numbers("seeds", "1,2,3")) {
          seeds.add(outcome(one.getValue(), rate, (long) seed));
        }
        say(
            String.format(
                Locale.ROOT,
                "| %s | %.2g | %s | %.0f |",
                one.getKey(),
                rate,
                Outcome.row(seeds),
                (System.nanoTime() - start) * 1e-9));
      }
    }
  }

  private Outcome outcome(Variant variant, double rate, long seed) throws IOException {
    if (!variant.automatic()) {
      return bench.trained(training(variant, rate, bench.integer("steps", 32), seed));
    }
    TrainingResult result =
        bench.train(spark, training(variant, rate, bench.integer("local-steps", 4), seed), 1);
    Outcome outcome = bench.outcome(result);
    result.state().close();
    return outcome;
  }

  private Map<String, Variant> variants() {
    Map<String, Variant> variants = new LinkedHashMap<>();
    variants.put("weighted sum | ", new Variant(new WeightedSum(1, 1), false));
    for (double gamma : bench.numbers("gammas", "0.1,1")) {
      variants.put("blur | " + gamma, new Variant(new Blur(gamma, ZERO_NORM), false));
      variants.put(
          "blur, automatic rate | " + gamma, new Variant(new Blur(gamma, ZERO_NORM), true));
      variants.put(
          "blur-barrier | " + gamma, new Variant(new BlurBarrier(gamma, ZERO_NORM), false));
      variants.put("blur-metric | " + gamma, new Variant(new BlurMetric(gamma, ZERO_NORM), false));
      variants.put(
          "blur-relative | " + gamma, new Variant(new BlurRelative(gamma, ZERO_NORM), false));
    }
    return variants;
  }

  private TrainingSettings training(Variant variant, double rate, int localSteps, long seed) {
    int batch = bench.integer("batch", 8);
    int rounds = bench.integer("steps", 32) / localSteps;
    LearningRate schedule = new LearningRate.Cosine(rate, 10, 0);
    return new TrainingSettings(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        variant.direction(),
        new AdamW(bench.number("beta1", 0.9), 0.999, 1e-8, 0),
        variant.automatic()
            ? new LearningRate.Automatic(schedule, localSteps, 0.9, 0.01, 100)
            : schedule,
        1,
        Averaging.PARAMETERS,
        rounds,
        localSteps,
        batch,
        batch,
        rounds,
        seed);
  }
}
