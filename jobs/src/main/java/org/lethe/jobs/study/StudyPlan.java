package org.lethe.jobs.study;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.benchmark.Benchmark;
import org.lethe.evaluation.benchmark.Benchmarks;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.EvaluatePlan;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;

/**
 * A study: one benchmark, methods, one grid of learning rates for all methods, and seeds.
 *
 * @param benchmark whose figures are computed
 * @param source its data
 * @param base the configuration of target and reference model
 * @param methods the configuration of each method, without rate and seed
 * @param rates the grid, tried with the first seed
 * @param seeds of the cells at the rate that the grid found
 * @param target an existing target model
 * @param reference an existing model that never saw the forget set
 * @param memorised least answer probability of the target on both sets; 0 for no check
 * @param keepsModels whether the weights of cells stay after their evaluation
 * @param longestItem most tokens of an item of the further sets
 * @param bootstrapSeed of the confidence intervals
 */
public record StudyPlan(
    Benchmark benchmark,
    BenchmarkSource source,
    Configuration base,
    SortedMap<String, Configuration> methods,
    List<Double> rates,
    List<Long> seeds,
    Optional<String> target,
    Optional<String> reference,
    double memorised,
    boolean keepsModels,
    int longestItem,
    long bootstrapSeed) {
  private static final String PREFIX = "lethe.benchmark.";

  /** The stages of every cell. */
  static final List<Stage> STAGES =
      List.of(Stage.SHARD, Stage.FINETUNE, Stage.UNLEARN, Stage.EVALUATE);

  /** Reads and checks everything, the configuration of every method included. */
  public static StudyPlan of(String name, Configuration configuration) {
    ConfigurationReader given = configuration.reader();
    BenchmarkSource source = BenchmarkSource.read(name, given);
    List<String> fixed = new ArrayList<>(source.corpus());
    fixed.add("lethe.unlearn.workers=" + given.integer("lethe.unlearn.workers", 1, 100_000));
    given.done();
    Configuration base = configuration.with(List.of(), fixed);
    ConfigurationReader reader = base.reader();
    SortedMap<String, Configuration> methods = new TreeMap<>();
    for (String method : reader.names(PREFIX + "methods")) {
      if (!method.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,40}")) {
        reader.problem(PREFIX + "methods." + method, "a name of letters, digits and hyphens");
        continue;
      }
      Configuration own =
          base.with(
              List.of(PREFIX + "methods." + ConfigUtil.quoteString(method), PREFIX + "common"),
              fixed);
      ConfigurationReader check = own.reader();
      RunPlan plan = RunPlan.read(check, STAGES);
      if (!source.gradients().isEmpty() && trainsFactors(plan)) {
        check.problem(
            PREFIX + "gradient-norm", "no with lethe.model.adapter = lora, method " + method);
      }
      if (!source.folds().isEmpty() && trainsFactors(plan)) {
        check.problem(
            PREFIX + "muse.sustainability",
            "no folds with lethe.model.adapter = lora, method " + method);
      }
      check.done();
      methods.put(method, own);
    }
    StudyPlan plan =
        new StudyPlan(
            Benchmarks.named(name),
            source,
            base,
            methods,
            numbers(reader, PREFIX + "learning-rates"),
            numbers(reader, PREFIX + "seeds").stream().map(Double::longValue).toList(),
            reader.text(PREFIX + "target"),
            reader.text(PREFIX + "reference"),
            reader.number(PREFIX + "memorised", 0, 1),
            reader.choice(PREFIX + "keep-models", BenchmarkSource.YES_OR_NO),
            reader.integer(PREFIX + "max-length", 16, 1 << 20),
            reader.wholeNumber(PREFIX + "bootstrap-seed", Long.MIN_VALUE, Long.MAX_VALUE));
    reader.done();
    if (methods.isEmpty()) {
      throw BenchmarkErrors.noMethods();
    }
    return plan;
  }

  private static boolean trainsFactors(RunPlan plan) {
    return plan.evaluate().filter(EvaluatePlan::readsFactors).isPresent();
  }

  private static List<Double> numbers(ConfigurationReader reader, String key) {
    List<Double> numbers = new ArrayList<>();
    for (String text : reader.requiredTexts(key, "at least one number")) {
      try {
        double number = Double.parseDouble(text);
        if (number > 0 && Double.isFinite(number)) {
          numbers.add(number);
          continue;
        }
      } catch (NumberFormatException e) {
        // Reported below, with numbers that are not above 0.
      }
      reader.problem(key, "numbers above 0");
    }
    return numbers.stream().distinct().sorted().toList();
  }

  public String name() {
    return benchmark.name();
  }

  /** The configuration of one cell. */
  Configuration cell(String method, double rate, long seed) {
    return methods
        .get(method)
        .with(
            List.of(),
            List.of("lethe.unlearn.learning-rate.peak=" + rate, "lethe.unlearn.seed=" + seed));
  }

  /** The folder of one cell. */
  static String folder(String method, double rate, long seed) {
    return method
        + "-"
        + String.format(Locale.ROOT, "%.3g", rate).replace("+", "")
        + "-seed"
        + seed;
  }
}
