package org.lethe.cluster.reveal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.lethe.reveal.search.Choice.Belief;
import org.lethe.reveal.search.Reward;

/**
 * Contents of {@code step.json}: the trials of one step and their outcome. It is written last into
 * its folder; a step without it runs again. It holds no text.
 *
 * @param format version of this document
 * @param phase phase of the run that the step belongs to
 * @param trials trials in the order in which they were rewarded
 */
public record RevealStep(int format, Phase phase, @JsonProperty("asks") List<Trial> trials) {
  /** Current format. */
  public static final int FORMAT = 1;

  /** Phases in execution order. */
  public enum Phase {
    /** Arms are tried and rewarded. */
    SEARCH,
    /** The best arms get more prompts. */
    HARVEST,
    /** The best arms are used for neighbours. */
    NEIGHBOURS
  }

  /**
   * One arm's prompts in a step.
   *
   * @param card id of the topic card or neighbour
   * @param arm index of the arm
   * @param name name of the arm: template, opener, persona, temperature
   * @param first number of the first prompt
   * @param count number of prompts
   * @param relevant responses that the oracle accepted
   * @param tokens tokens generated for the card in this step, given with its first trial
   * @param reward reward, if the trial is a pull of a search
   * @param belief expectation of the search, if it had one
   */
  public record Trial(
      String card,
      int arm,
      String name,
      int first,
      int count,
      int relevant,
      long tokens,
      Optional<Reward> reward,
      Optional<Belief> belief) {}

  public RevealStep {
    trials = List.copyOf(trials);
  }
}
