package org.lethe.jobs.config.tune;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.lethe.evaluation.monitor.FormSettings;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.evaluation.tuning.Candidate;
import org.lethe.jobs.config.UnlearnPlan;

/**
 * A tuning: which candidates are tried, how they are judged, and what it may cost.
 *
 * @param candidates the grid, in the order of the configuration
 * @param unlearning the whole unlearning of each candidate, by name
 * @param overrides the keys of each candidate by name, key=value
 * @param stop what is read after each round, and when a candidate ends
 * @param form how the form of answers is read
 * @param formTolerance by which degenerate answers to forget rows may exceed those to unseen rows
 * @param factor one in this number of candidates goes on to the next rung
 * @param examples budget in examples of both sets; empty for a budget in minutes
 * @param minutes budget in minutes; empty for a budget in examples
 */
public record TunePlan(
    List<Candidate> candidates,
    SortedMap<String, UnlearnPlan.Rounds> unlearning,
    SortedMap<String, List<String>> overrides,
    StopSettings stop,
    FormSettings form,
    double formTolerance,
    int factor,
    OptionalLong examples,
    OptionalDouble minutes) {
  public TunePlan {
    candidates = List.copyOf(candidates);
  }

  /**
   * A candidate whose forget loss trains on other answers, if there is one. All of these train on
   * the same answers.
   */
  public Optional<Candidate> withAlternatives() {
    return candidates.stream()
        .filter(candidate -> unlearning.get(candidate.name()).alternatives().isPresent())
        .findFirst();
  }

  /** The unlearning of the first candidate, from which others differ in method, rate and gamma. */
  public UnlearnPlan.Rounds first() {
    return unlearning.get(candidates.get(0).name());
  }
}
