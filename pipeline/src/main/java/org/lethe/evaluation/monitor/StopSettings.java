package org.lethe.evaluation.monitor;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * When an unlearning ends before its last round, and which of its points it returns.
 *
 * @param rules in the order in which they are asked, at least one
 * @param target the level that counts as forgotten
 * @param rows rows of each set that are read after a round; 0 chooses as many as about 5 % of a
 *     round's time pays for
 * @param decisionRows rows of each set that are read before the run ends and between checkpoints
 * @param bisections points that are tried between two checkpoints, 0 or more
 * @param marginLevel logit gap at or below which a position counts as closed
 * @param seed seed of the samples and of the intervals
 */
public record StopSettings(
    List<StopRule> rules,
    ForgetTarget target,
    int rows,
    int decisionRows,
    int bisections,
    double marginLevel,
    long seed)
    implements Serializable {
  public StopSettings {
    rules = List.copyOf(rules);
    if (rules.isEmpty() || rows < 0 || decisionRows < 1 || bisections < 0) {
      throw new IllegalArgumentException(
          "Invalid stop settings: "
              + rules.size()
              + " rules, "
              + rows
              + " and "
              + decisionRows
              + " rows, "
              + bisections
              + " bisections");
    }
  }

  /**
   * Decides after the last reading of a history: the first rule that ends the run, if any does.
   * Reaching the goal above the retain budget ends nothing: the retain rows may recover. Where the
   * larger sample was read, it decides on the budget as it does on the goal.
   */
  public StopDecision decide(MonitorHistory history) {
    MonitorReading last = history.last();
    boolean withinBudget = isWithinBudget(history.decision(last.round()).orElse(last), history);
    for (StopRule rule : rules) {
      Optional<String> reason =
          rule.isGoal() && !withinBudget ? Optional.empty() : rule.ends(history);
      if (reason.isPresent()) {
        return new StopDecision.Stop(rule.name(), reason.get());
      }
    }
    return new StopDecision.Continue();
  }

  /** Whether a reading keeps the retain budget; true without such a rule. */
  boolean isWithinBudget(MonitorReading reading, MonitorHistory history) {
    return rules.stream()
        .filter(StopRule.RetainBudget.class::isInstance)
        .map(StopRule.RetainBudget.class::cast)
        .allMatch(budget -> budget.holds(reading, history));
  }
}
