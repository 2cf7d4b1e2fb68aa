package org.lethe.jobs.stage;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.cluster.reveal.RevealPlan;

/**
 * What an iteration takes over from earlier iterations of its run.
 *
 * @param prompts arms, bounds and numbers of prompts, by topic card or neighbour
 * @param idPrefix in front of the ids of all rows, so that those of iterations differ
 */
public record EarlierReveals(SortedMap<String, RevealPlan.Earlier> prompts, String idPrefix) {
  /** No iteration came before. */
  static final EarlierReveals NONE = new EarlierReveals(new TreeMap<>(), "");

  public EarlierReveals {
    prompts = Collections.unmodifiableSortedMap(new TreeMap<>(prompts));
  }
}
