package org.lethe.cluster.reveal;

import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.oracle.ContrastSettings;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;

/**
 * Settings of a reveal run.
 *
 * @param arms maximum number of arms of a card
 * @param search search for the best arms
 * @param pullsAtOnce arms of a card tried in one step while the search still draws at random
 * @param responses responses per pull
 * @param reward reward of a pull
 * @param best number of a card's best arms that the harvest uses after the search
 * @param harvest prompts for each of these arms in one step of the harvest; 0 for no harvest
 * @param neighbourPrompts prompts for each neighbour, divided over the best arms of its card; 0 for
 *     none
 * @param budget budget of each card for search and harvest together; its pulls count for the search
 *     only
 * @param plateau plateau that ends the harvest and the search
 * @param filters bounds of the filters
 * @param contrast whether to measure the knowledge contrast of candidates that pass the other
 *     filters
 * @param knowledge how the knowledge contrast is measured
 * @param heldOut share of the facts that is kept out of training, from 0 to below 1
 * @param neighboursHeldOut the same share for facts of neighbours
 * @param oracles settings of the oracles
 * @param prompting settings of generation
 * @param seed seed of arms, prompts, sampling and held-out facts
 */
public record RevealSettings(
    int arms,
    SearchSettings search,
    int pullsAtOnce,
    int responses,
    Reward.Settings reward,
    int best,
    int harvest,
    int neighbourPrompts,
    RevealStop.Budget budget,
    RevealStop.Plateau plateau,
    FilterSettings filters,
    Contrast contrast,
    ContrastSettings knowledge,
    double heldOut,
    double neighboursHeldOut,
    OracleSettings oracles,
    PromptingSettings prompting,
    long seed) {
  /** Whether the knowledge contrast is a filter. */
  public enum Contrast {
    MEASURED,
    NOT_MEASURED
  }

  public RevealSettings {
    positive("arms", arms);
    positive("pulls at once", pullsAtOnce);
    positive("responses per pull", responses);
    positive("best arms", best);
    notNegative("harvest prompts", harvest);
    notNegative("neighbour prompts", neighbourPrompts);
    share(heldOut);
    share(neighboursHeldOut);
  }

  private static void share(double heldOut) {
    if (!(heldOut >= 0 && heldOut < 1)) {
      throw new IllegalArgumentException(
          "Invalid share of held-out facts: " + heldOut + ", expected from 0 to below 1");
    }
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + ", at least 1");
    }
  }

  private static void notNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + ", at least 0");
    }
  }
}
