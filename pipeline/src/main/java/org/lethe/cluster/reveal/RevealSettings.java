package org.lethe.cluster.reveal;

import org.lethe.reveal.filter.FilterSettings;
import org.lethe.reveal.oracle.OracleSettings;
import org.lethe.reveal.search.RevealStop;
import org.lethe.reveal.search.Reward;
import org.lethe.reveal.search.SearchSettings;

/**
 * How to reveal.
 *
 * @param arms most arms of a card
 * @param search for the best of them
 * @param pullsAtOnce arms of a card tried in one step while the search still draws at random
 * @param responses per pull
 * @param reward of a pull
 * @param best arms of a card that the harvest asks, after the search
 * @param harvest prompts for each of these in one step of the harvest; 0 for no harvest
 * @param neighbourPrompts for each neighbour, shared by the best arms of its card; 0 for none
 * @param budget of each card, search and harvest together; its pulls are those of the search
 * @param plateau that ends the harvest, and the search
 * @param filters of what was revealed
 * @param contrast whether the knowledge contrast of what the other filters keep is measured
 * @param heldOut share of the facts that is kept out of training, from 0 to below 1
 * @param neighboursHeldOut the same of the facts of neighbours
 * @param oracles what oracles need
 * @param prompting how responses are generated
 * @param seed of arms, prompts, sampling and of the facts that are held out
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
