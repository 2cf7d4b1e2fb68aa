package org.lethe.benchmarks;

import static org.lethe.benchmarks.StudyBench.say;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.lethe.benchmarks.StudyBench.Outcome;
import org.lethe.cluster.training.Averaging;
import org.lethe.cluster.training.Moments;
import org.lethe.cluster.training.OuterStep;
import org.lethe.cluster.training.RoundState;
import org.lethe.cluster.training.TrainingResult;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.compute.FlatVector;
import org.lethe.compute.InnerProducts;
import org.lethe.direction.AdamW;
import org.lethe.direction.Blur;
import org.lethe.direction.LearningRate;
import org.lethe.direction.Optimizer;
import org.lethe.direction.Sgd;
import org.lethe.model.Decoder;
import org.lethe.objective.ForgetLoss;
import org.lethe.objective.RetainLoss;

/**
 * Measures how far averaging parameters departs from averaging gradients, and whether it matters.
 * Trains BLUR over NPO and NLL. All workers together see the same number of examples per step,
 * whatever the number of workers. A row of the first table compares H local steps with H rounds of
 * one exact step.
 */
final class AveragingStudy {
  private static final int[] WORKERS = {1, 2, 4};
  private static final int[] LOCAL_STEPS = {1, 4, 16};
  private static final double ZERO_NORM = 1e-12;

  /** Options of {@link #quality} for four workers, whose root is 2. */
  private static final String OPTIONS =
      "GRADIENTS:1:1:0:AVERAGED,PARAMETERS:1:1:0:AVERAGED,PARAMETERS:1:1:0:LOCAL,"
          + "PARAMETERS:1:2:0:AVERAGED,PARAMETERS:1:0.7:0.9:AVERAGED,PARAMETERS:1:1:0.5:AVERAGED,"
          + "PARAMETERS:2:1:0:AVERAGED,PARAMETERS:4:1.5:0:AVERAGED,PARAMETERS:4:1.5:0:LOCAL";

  private final StudyBench bench;
  private final JavaSparkContext spark;
  private final double gamma;

  AveragingStudy(StudyBench bench, JavaSparkContext spark) {
    this.bench = bench;
    this.spark = spark;
    this.gamma = bench.number("gamma", 0.1);
  }

  /** Compares the parameters after one round from the same state. */
  void drift() throws IOException {
    say("| optimizer | workers | local steps | cosine | relative norm | relative distance |");
    Map<String, Optimizer> optimizers = new LinkedHashMap<>();
    optimizers.put("SGD", new Sgd(0, 0));
    optimizers.put("AdamW", adamw());
    for (Map.Entry<String, Optimizer> optimizer : optimizers.entrySet()) {
      LearningRate rate =
          new LearningRate.Constant(
              optimizer.getKey().equals("SGD")
                  ? bench.number("sgd-rate", 1e-2)
                  : bench.number("rate", 5e-4),
              0);
      for (int workers : WORKERS) {
        for (int h : LOCAL_STEPS) {
          Schedule local = new Schedule(Averaging.PARAMETERS, 1, h, 1);
          Schedule exact = new Schedule(Averaging.GRADIENTS, h, 1, 1);
          try (FlatVector parameters = moved(local, optimizer.getValue(), rate, workers);
              FlatVector gradients = moved(exact, optimizer.getValue(), rate, workers)) {
            InnerProducts products = parameters.math().innerProducts(parameters, gradients);
            parameters.math().addScaled(-1, gradients, parameters);
            say(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.4f | %.4f | %.4f |",
                    optimizer.getKey(),
                    workers,
                    h,
                    products.mixed() / Math.sqrt(products.first() * products.second()),
                    Math.sqrt(products.first() / products.second()),
                    Math.sqrt(parameters.math().squaredNorm(parameters) / products.second())));
          }
        }
      }
    }
  }

  /** Compares outcomes after the same number of steps. */
  void outcomes() throws IOException {
    say("| averaging | workers | local steps | " + StudyBench.OUTCOME_HEAD + " |");
    say("| before | | | " + Outcome.row(List.of(bench.before())) + " |");
    int steps = bench.integer("steps", 32);
    for (int workers : WORKERS) {
      outcome("gradients", workers, steps, 1);
      for (int h : LOCAL_STEPS) {
        outcome("parameters", workers, steps / h, h);
      }
    }
  }

  /** A way to average: factor of the peak rate, outer step and moments. */
  private record Option(Averaging averaging, double factor, OuterStep outer, Moments moments) {
    /** Reads AVERAGING:FACTOR:OUTER_RATE:OUTER_MOMENTUM:MOMENTS. */
    static Option of(String words) {
      String[] parts = words.split(":");
      return new Option(
          Averaging.valueOf(parts[0]),
          Double.parseDouble(parts[1]),
          new OuterStep(Double.parseDouble(parts[2]), Double.parseDouble(parts[3])),
          Moments.valueOf(parts[4]));
    }
  }

  /**
   * Compares options for averaged parameters with averaged gradients, for four workers with 16
   * local steps and the same number of tokens. Prints one line of CSV for each option and seed.
   */
  void quality() throws IOException {
    int workers = bench.integer("workers", 4);
    int h = bench.integer("local-steps", 16);
    int steps = bench.integer("steps", 96);
    say(
        "averaging,workers,local_steps,steps,peak,outer_rate,outer_momentum,moments,seed,"
            + "forget_loss,retain_loss");
    for (double seed : bench.numbers("seeds", "1,2,3")) {
      for (String words : bench.text("options", OPTIONS).split(",")) {
        Option option = Option.of(words);
        boolean gradients = option.averaging() == Averaging.GRADIENTS;
        Schedule schedule =
            new Schedule(
                option.averaging(), gradients ? steps : steps / h, gradients ? 1 : h, (long) seed);
        quality(option, schedule, workers);
      }
    }
  }

  private void quality(Option option, Schedule schedule, int workers) throws IOException {
    double peak = option.factor() * bench.number("rate", 3e-4);
    TrainingSettings settings =
        training(schedule, adamw(), new LearningRate.Cosine(peak, 10, 0), 1, workers)
            .with(option.outer())
            .with(option.moments());
    TrainingResult result = bench.train(spark, settings, workers);
    Outcome outcome = bench.outcome(result);
    result.state().close();
    say(
        String.format(
            Locale.ROOT,
            "%s,%d,%d,%d,%s,%s,%s,%s,%d,%.4f,%.4f",
            option.averaging().name().toLowerCase(Locale.ROOT),
            workers,
            schedule.localSteps(),
            settings.totalSteps(),
            peak,
            option.outer().rate(),
            option.outer().momentum(),
            option.moments().name().toLowerCase(Locale.ROOT),
            schedule.seed(),
            outcome.forgetLoss(),
            outcome.retainLoss()));
  }

  private void outcome(String averaging, int workers, int rounds, int localSteps)
      throws IOException {
    List<Outcome> seeds = new ArrayList<>();
    for (double seed : bench.numbers("seeds", "1,2,3")) {
      Schedule schedule =
          new Schedule(
              Averaging.valueOf(averaging.toUpperCase(Locale.ROOT)),
              rounds,
              localSteps,
              (long) seed);
      LearningRate rate = new LearningRate.Cosine(bench.number("rate", 3e-4), 10, 0);
      TrainingResult result =
          bench.train(spark, training(schedule, adamw(), rate, 1, workers), workers);
      seeds.add(bench.outcome(result));
      result.state().close();
    }
    say(
        "| "
            + averaging
            + " | "
            + workers
            + " | "
            + localSteps
            + " | "
            + Outcome.row(seeds)
            + " |");
  }

  /** Averaging, rounds and local steps of a training. */
  private record Schedule(Averaging averaging, int rounds, int localSteps, long seed) {}

  /** Change of the parameters by a training. */
  private FlatVector moved(Schedule schedule, Optimizer optimizer, LearningRate rate, int workers)
      throws IOException {
    TrainingSettings settings =
        training(schedule, optimizer, rate, Double.POSITIVE_INFINITY, workers);
    RoundState state = bench.train(spark, settings, workers).state();
    try (Decoder decoder = bench.source().load(new Configuration())) {
      FlatVector moved = state.parameters().math().copyOf(state.parameters());
      moved.math().addScaled(-1, decoder.parameters(), moved);
      return moved;
    } finally {
      state.close();
    }
  }

  private AdamW adamw() {
    return new AdamW(0.9, 0.999, 1e-8, 0);
  }

  private TrainingSettings training(
      Schedule schedule, Optimizer optimizer, LearningRate rate, double maximumNorm, int workers) {
    int batch = bench.integer("batch", 8) / workers;
    return new TrainingSettings(
        new ForgetLoss.NegativePreference(0.1),
        new RetainLoss.NegativeLogLikelihood(),
        new Blur(gamma, ZERO_NORM),
        optimizer,
        rate,
        maximumNorm,
        schedule.averaging(),
        schedule.rounds(),
        schedule.localSteps(),
        batch,
        batch,
        schedule.rounds(),
        schedule.seed());
  }
}
