package org.lethe.run;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.run.ErasureRecord.Interval;

/**
 * How the settings of a run's unlearning were chosen, and why it ended.
 *
 * @param stop what ended it; empty without stop rules
 * @param tuning what chose the settings; empty without a tuning
 */
public record UnlearningEnd(Optional<Stop> stop, Optional<Tuned> tuning) {
  /** Of a run that had neither, and of records of older versions. */
  public static final UnlearningEnd NONE = new UnlearningEnd(Optional.empty(), Optional.empty());

  /**
   * The end by a stop rule. The returned point lies on the line between two checkpoints.
   *
   * @param rule name of the rule, or {@code rounds} if all rounds were taken
   * @param reason why, in one clause
   * @param rounds completed rounds
   * @param from round of the checkpoint before the returned point; 0 is the initial model
   * @param to round of the checkpoint after it
   * @param position place of the returned point between both, from 0 to 1
   * @param forgetting the returned point beside unseen rows
   * @param withinBudget whether it keeps the retain budget; true without a budget
   * @param figures of the returned point on the monitor's sample, by dotted name
   * @param unseen intervals of unseen rows before unlearning, by metric: the target
   */
  public record Stop(
      String rule,
      String reason,
      int rounds,
      int from,
      int to,
      double position,
      Forgetting forgetting,
      boolean withinBudget,
      SortedMap<String, Double> figures,
      SortedMap<String, Interval> unseen) {
    public Stop {
      figures = SortedCopy.of(figures);
      unseen = SortedCopy.of(unseen);
    }

    /** The rule and the result in words. */
    public String words() {
      return "after round "
          + rounds
          + " by the rule "
          + rule
          + ", where the forget rows are "
          + forgetting.words()
          + (withinBudget ? "" : " and the retain budget is spent");
    }
  }

  /**
   * The choice of a tuning.
   *
   * @param chosen name of the chosen candidate
   * @param reason why, in one sentence
   * @param candidates number of candidates
   * @param configuration the chosen keys, key=value
   */
  public record Tuned(String chosen, String reason, int candidates, List<String> configuration) {
    public Tuned {
      configuration = List.copyOf(configuration);
    }
  }

  public UnlearningEnd {
    stop = stop == null ? Optional.empty() : stop;
    tuning = tuning == null ? Optional.empty() : tuning;
  }
}
