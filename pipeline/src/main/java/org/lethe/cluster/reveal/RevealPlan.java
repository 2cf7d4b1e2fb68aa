package org.lethe.cluster.reveal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lethe.corpus.FieldNames;
import org.lethe.reveal.ArmPool;
import org.lethe.reveal.TopicCard;

/**
 * One revelation.
 *
 * @param cards what is to be forgotten, with different ids
 * @param pool what arms are made of
 * @param settings how
 * @param model that is asked
 * @param workers Spark tasks that ask at the same time; the result does not depend on it
 * @param fields of the corpora that are written
 * @param earlier what is taken over from earlier revelations, by card or neighbour; empty for a
 *     first one
 * @param idPrefix before the ids of all rows, so that those of several revelations differ; may be
 *     empty
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
   * What is taken over for one card or neighbour.
   *
   * @param arms that were found best, which are harvested beside those of this search
   * @param heldOutBelow the bound of its held-out facts, see {@link org.lethe.reveal.HeldOutFacts}
   * @param prompts asked so far. The numbers of the next begin there: with the same numbers the
   *     noise of the sampling would be the same, and what the model still knows would be said in
   *     the same words
   */
  public record Earlier(List<Integer> arms, double heldOutBelow, long prompts) {
    /** Nothing. */
    static final Earlier NONE = new Earlier(List.of(), 0, 0);

    public Earlier {
      arms = List.copyOf(arms);
    }

    /** What the first found, and the prompts of both. */
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
