package org.lethe.cluster.reveal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.corpus.input.FieldNames;
import org.lethe.reveal.ArmPool;
import org.lethe.reveal.TopicCard;

/**
 * A reveal run: cards, model and settings.
 *
 * @param cards cards of the subjects to forget, with different ids
 * @param pool templates, openers, personas and temperatures of the arms
 * @param settings settings of the run
 * @param model model to prompt
 * @param workers concurrent Spark tasks; the result does not depend on it
 * @param fields column names of the written corpora
 * @param earlier results of earlier runs, by id of the card or neighbour; empty for a first run
 * @param idPrefix prefix of the ids of all rows, so that ids of several runs differ; may be empty
 */
public record RevealPlan(
    List<TopicCard> cards,
    ArmPool pool,
    RevealSettings settings,
    PromptedModel model,
    int workers,
    FieldNames fields,
    Map<String, Earlier> earlier,
    String idPrefix) {
  /**
   * Results of earlier runs for one card or neighbour.
   *
   * @param arms best arms, which are harvested next to those of this search
   * @param heldOutBelow bound of its held-out facts, see {@link org.lethe.reveal.HeldOutFacts}
   * @param prompts prompts used so far. New prompts continue this numbering: equal numbers would
   *     repeat the sampling noise, so the model would repeat what it still knows in the same words
   */
  public record Earlier(List<Integer> arms, double heldOutBelow, long prompts) {
    /** No earlier run. */
    static final Earlier NONE = new Earlier(List.of(), 0, 0);

    public Earlier {
      arms = List.copyOf(arms);
    }

    /** Keeps the results of this run and adds the prompts of both. */
    public Earlier followedBy(Earlier next) {
      return new Earlier(arms, heldOutBelow, prompts + next.prompts);
    }
  }

  public RevealPlan {
    cards = List.copyOf(cards);
    earlier = new TreeMap<>(earlier);
    if (cards.isEmpty()) {
      throw new IllegalArgumentException("Invalid cards: none, expected at least one");
    }
  }
}
