package org.lethe.cluster.reveal;

import java.util.List;
import java.util.Optional;
import org.lethe.reveal.search.Choice.Belief;
import org.lethe.reveal.search.Reward;

/**
 * {@code step.json}: what was asked in one step and what it was worth. It is written last into its
 * folder: a step without it is done again. It holds no text.
 *
 * @param format version of this document
 * @param phase what the step is part of
 * @param asks in the order in which they were rewarded
 */
public record RevealStep(int format, Phase phase, List<Ask> asks) {
  /** The current format. */
  public static final int FORMAT = 1;

  /** In this order. */
  public enum Phase {
    /** Arms are tried and rewarded. */
    SEARCH,
    /** The best arms are asked more. */
    HARVEST,
    /** The best arms are asked of neighbours. */
    NEIGHBOURS
  }

  /**
   * One arm asked.
   *
   * @param card id of the topic card, or of the neighbour's
   * @param arm index
   * @param name of the arm: template, opener, persona, temperature
   * @param first number of the first prompt
   * @param count of prompts
   * @param relevant responses that the oracle accepted
   * @param tokens generated for the card in this step, told with its first ask
   * @param reward of a search's pull
   * @param belief what the search expected
   */
  public record Ask(
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
    asks = List.copyOf(asks);
  }
}
