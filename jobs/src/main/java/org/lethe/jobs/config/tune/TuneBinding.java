package org.lethe.jobs.config.tune;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.cluster.training.LocalTraining;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.error.NameSuggestion;
import org.lethe.evaluation.monitor.FormSettings;
import org.lethe.evaluation.monitor.StopRule;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.evaluation.tuning.Candidate;
import org.lethe.evaluation.tuning.Halving;
import org.lethe.jobs.config.Choices;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.UnlearnPlan;

/** Binds lethe.tune and lethe.unlearn.auto. */
public final class TuneBinding {
  private static final String AUTO = "lethe.unlearn.auto";
  private static final String SECTION = "lethe.tune";
  private static final Choices<Boolean> ON_OR_OFF = Choices.of("off", false).or("on", true);

  private TuneBinding() {}

  /** Whether the unlearn stage chooses its settings by a tuning. */
  public static boolean isAutomatic(ConfigurationReader reader) {
    return reader.choice(AUTO, ON_OR_OFF);
  }

  /**
   * Reads the plan of a tuning. Every candidate's configuration is checked.
   *
   * @param workers of the unlearning
   * @throws org.lethe.error.LetheException USAGE with all problems
   */
  public static TunePlan read(Configuration configuration, int workers) {
    ConfigurationReader reader = configuration.reader();
    List<String> names = methods(reader);
    List<Double> rates = numbers(reader, SECTION + ".learning-rates");
    List<Double> gammas = numbers(reader, SECTION + ".gammas");
    int factor = reader.integer(SECTION + ".factor", 2, 100);
    int rows = reader.integer(SECTION + ".rows", 1, 1 << 20);
    int bisections = reader.integer(SECTION + ".bisections", 0, 50);
    int answers = reader.integer(SECTION + ".form.rows", 0, 1 << 20);
    double tolerance = reader.number(SECTION + ".form.above-unseen", 0, 1);
    int newTokens = reader.integer("lethe.evaluate.max-new-tokens", 1, 1 << 20);
    OptionalDouble minutes = minutes(reader);
    long examples = reader.wholeNumber(SECTION + ".budget.examples", 0, Long.MAX_VALUE);
    if (minutes.isPresent() && examples > 0) {
      reader.problem(SECTION + ".budget.minutes", "null with a budget in examples");
    }
    reader.done();

    List<Candidate> candidates = new ArrayList<>();
    SortedMap<String, UnlearnPlan.Rounds> unlearning = new TreeMap<>();
    SortedMap<String, List<String>> overrides = new TreeMap<>();
    for (Candidate candidate : grid(names, rates, gammas)) {
      List<String> own = TuneMethod.ALL.find(candidate.method()).orElseThrow().overrides(candidate);
      Optional<UnlearnPlan.Rounds> plan = rounds(configuration.with(List.of(), own), reader);
      // A problem of one candidate is the others' too.
      reader.done();
      candidates.add(candidate);
      overrides.put(candidate.name(), own);
      unlearning.put(candidate.name(), plan.orElseThrow());
    }
    UnlearnPlan.Rounds first = unlearning.get(candidates.get(0).name());
    StopSettings stop = stop(first, rows, bisections);
    TrainingSettings whole = first.settings();
    long round = LocalTraining.examples(whole, 1, workers);
    long least = round * Halving.leastRounds(candidates.size(), factor, whole.rounds());
    if (examples > 0 && examples < least) {
      reader.problem(
          SECTION + ".budget.examples",
          String.format(
              Locale.ROOT,
              "at least %d, one round of %d examples for each of %d candidates, and more for the"
                  + " best",
              least,
              round,
              candidates.size()));
    }
    reader.done();
    long budget =
        examples > 0
            ? examples
            : Math.max(least, 2 * LocalTraining.examples(whole, whole.rounds(), workers));
    return new TunePlan(
        candidates,
        unlearning,
        overrides,
        stop,
        new FormSettings(answers, newTokens, stop.seed()),
        tolerance,
        factor,
        minutes.isPresent() ? OptionalLong.empty() : OptionalLong.of(budget),
        minutes);
  }

  private static List<String> methods(ConfigurationReader reader) {
    String key = SECTION + ".methods";
    List<String> names = reader.requiredTexts(key, "at least one method");
    for (String name : names) {
      if (TuneMethod.ALL.find(name).isEmpty()) {
        reader.problem(
            key,
            "some of "
                + String.join(", ", TuneMethod.ALL.names())
                + NameSuggestion.of(name, TuneMethod.ALL.names())
                    .map(nearest -> "; did you mean " + nearest + "?")
                    .orElse(""));
      }
    }
    return names.stream().distinct().toList();
  }

  private static List<Double> numbers(ConfigurationReader reader, String key) {
    Set<Double> numbers = new LinkedHashSet<>();
    for (String text : reader.requiredTexts(key, "at least one number")) {
      double number = parsed(text);
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        numbers.add(number);
      } else {
        reader.problem(key, "numbers above 0");
      }
    }
    return List.copyOf(numbers);
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static OptionalDouble minutes(ConfigurationReader reader) {
    String key = SECTION + ".budget.minutes";
    if (reader.text(key).isEmpty()) {
      return OptionalDouble.empty();
    }
    double minutes = reader.number(key, 0, 1e7);
    if (minutes == 0) {
      reader.problem(key, "above 0");
    }
    return OptionalDouble.of(minutes);
  }

  private static List<Candidate> grid(
      List<String> methods, List<Double> rates, List<Double> gammas) {
    List<Candidate> grid = new ArrayList<>();
    for (String method : methods) {
      boolean pressed = TuneMethod.ALL.find(method).orElseThrow().pressure().isPresent();
      for (double gamma : pressed ? gammas : List.of(Double.NaN)) {
        for (double rate : rates) {
          grid.add(new Candidate(method, rate, gamma));
        }
      }
    }
    return grid;
  }

  /** The unlearning of a candidate; reports why it cannot be tried. */
  private static Optional<UnlearnPlan.Rounds> rounds(
      Configuration configuration, ConfigurationReader problems) {
    ConfigurationReader reader = configuration.reader();
    Optional<UnlearnPlan> plan = UnlearnPlan.read(reader);
    reader.done();
    if (!(plan.orElse(null) instanceof UnlearnPlan.Rounds rounds)) {
      problems.problem("lethe.reveal.release.method", "blur, since tuning trains in rounds");
      return Optional.empty();
    }
    if (!LocalTraining.isLocal(rounds.settings())) {
      problems.problem(
          "lethe.unlearn.average",
          "parameters, and lethe.unlearn.learning-rate.automatic.every = 0, since each candidate"
              + " trains in one task");
      return Optional.empty();
    }
    if (rounds.stop().map(TuneBinding::hasTarget).orElse(false)) {
      return Optional.of(rounds);
    }
    problems.problem(
        "lethe.unlearn.stop.rules", "like-unseen among them, the target that candidates reach");
    return Optional.empty();
  }

  private static boolean hasTarget(StopSettings stop) {
    return stop.rules().stream().anyMatch(StopRule.LikeUnseen.class::isInstance);
  }

  /** The rules of a candidate: its rounds are too few for the others. */
  private static StopSettings stop(UnlearnPlan.Rounds plan, int rows, int bisections) {
    StopSettings given = plan.stop().orElseThrow();
    return new StopSettings(
        given.rules().stream()
            .filter(
                rule ->
                    rule instanceof StopRule.LikeUnseen || rule instanceof StopRule.RetainBudget)
            .toList(),
        given.target(),
        rows,
        rows,
        bisections,
        given.marginLevel(),
        given.seed());
  }
}
