package org.lethe.cluster;

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
 * @param frozen for each card the arms that an earlier revelation found best, which are harvested
 *     beside those of this search; empty for a first one
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
    Map<String, List<Integer>> frozen,
    String idPrefix) {
  public RevealPlan {
    cards = List.copyOf(cards);
    frozen = new TreeMap<>(frozen);
    if (cards.isEmpty()) {
      throw new IllegalArgumentException("Invalid cards: none, expected at least one");
    }
  }
}
