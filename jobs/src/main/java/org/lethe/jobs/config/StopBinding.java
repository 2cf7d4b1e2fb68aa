package org.lethe.jobs.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.monitor.ForgetTarget;
import org.lethe.evaluation.monitor.StopRule;
import org.lethe.evaluation.monitor.StopSettings;

/** Binds lethe.unlearn.stop: the rules that end an unlearning before its last round. */
final class StopBinding {
  /** Files of neutral text, on which the divergence from the initial model is read. */
  static final String NEUTRAL = "lethe.corpus.neutral";

  private static final String NAME = "lethe.unlearn.stop";

  private StopBinding() {}

  /** Empty if no rule is chosen. The keys of all rules are read and checked in any case. */
  static Optional<StopSettings> read(ConfigurationReader reader) {
    Section section = new Section(reader, NAME);
    ForgetTarget target = target(section);
    double level = section.number("margin.level", -1e6, 1e6);
    Map<String, StopRule> known = rules(section, target, level, reader.texts(NEUTRAL).isEmpty());
    int rows = section.integer("rows", 0, 1 << 20);
    int decisionRows = section.integer("decision-rows", 1, 1 << 20);
    int bisections = section.integer("bisections", 0, 50);
    long seed = section.seed("seed");
    List<String> names = section.texts("rules");
    List<StopRule> chosen = new ArrayList<>();
    known.forEach(
        (name, rule) -> {
          if (names.contains(name)) {
            chosen.add(rule);
          }
        });
    if (chosen.size() != names.size()) {
      section.problem("rules", "some of " + known.keySet() + ", each once");
      return Optional.empty();
    }
    return chosen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StopSettings(chosen, target, rows, decisionRows, bisections, level, seed));
  }

  /** The rules by their names, in the order in which they are asked. Register new ones here. */
  private static Map<String, StopRule> rules(
      Section section, ForgetTarget target, double level, boolean withoutNeutral) {
    Section budget = section.below("retain-budget");
    double divergence = budget.positive("divergence");
    List<StopRule> all =
        List.of(
            new StopRule.LikeUnseen(target),
            new StopRule.MarginClosed(level, section.number("margin.share", 0, 1)),
            new StopRule.RetainBudget(
                budget.positive("loss"),
                withoutNeutral ? Double.POSITIVE_INFINITY : divergence,
                budget.integer("rounds", 1, 1_000_000)),
            new StopRule.NoProgress(
                target,
                section.integer("no-progress.rounds", 1, 1_000_000),
                section.notNegative("no-progress.least")));
    Map<String, StopRule> byName = new LinkedHashMap<>();
    all.forEach(rule -> byName.put(rule.name(), rule));
    return byName;
  }

  private static ForgetTarget target(Section section) {
    Section keys = section.below("target");
    List<String> words = keys.texts("figures");
    List<Metric> metrics =
        words.stream()
            .flatMap(word -> Metric.ofKey(word).stream())
            .filter(ForgetTarget.METRICS::contains)
            .distinct()
            .toList();
    double margin = keys.notNegative("margin");
    if (metrics.isEmpty() || metrics.size() != words.size()) {
      keys.problem(
          "figures", "one or more of probability, exact-memorisation and extraction-strength");
      return new ForgetTarget(List.of(Metric.PROBABILITY), 0);
    }
    return new ForgetTarget(metrics, margin);
  }
}
