package org.lethe.run;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.run.ErasureRecord.Interval;

/**
 * How the settings of a run's unlearning were chosen, and why it ended.
 *
 * @param stop what ended it; empty without stop rules
 * @param tuning what chose the settings; empty without a tuning
 * @param form the form of the returned model's answers; empty without stop rules, and if answers or
 *     unseen rows were not measured
 */
public record UnlearningEnd(Optional<Stop> stop, Optional<Tuned> tuning, Optional<Form> form) {
  /** Of a run that had neither, and of records of older versions. */
  public static final UnlearningEnd NONE =
      new UnlearningEnd(Optional.empty(), Optional.empty(), Optional.empty());

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

  /**
   * Degenerate answers of the evaluation. A model that answers forget rows with nothing or in loops
   * shows that it once knew them.
   *
   * @param forget share of the answers to forget rows that is empty or repeated
   * @param unseen the same of unseen rows before unlearning
   * @param broken whether the first share is above the second by more than {@link #TOLERANCE}
   */
  public record Form(double forget, double unseen, boolean broken) {
    /** By how much the shares may differ. */
    public static final double TOLERANCE = 0.1;

    /** The form of two shares. */
    public static Form of(double forget, double unseen) {
      return new Form(forget, unseen, forget - unseen > TOLERANCE);
    }

    /** The form in words. */
    public String words() {
      return String.format(
          Locale.ROOT,
          "form %s: %.0f %% of the answers to forget rows are empty or repeated (unseen rows: %.0f"
              + " %%)",
          broken ? "broken" : "kept",
          100 * forget,
          100 * unseen);
    }
  }

  public UnlearningEnd {
    stop = stop == null ? Optional.empty() : stop;
    tuning = tuning == null ? Optional.empty() : tuning;
    form = form == null ? Optional.empty() : form; // Records of older versions have none.
  }
}
