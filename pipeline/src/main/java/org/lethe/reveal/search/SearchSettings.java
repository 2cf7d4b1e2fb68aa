package org.lethe.reveal.search;

import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.TopicCard;

/**
 * Settings of the search for arms.
 *
 * @param strategy kind of search
 * @param network network of NeuralUCB and greedy search
 * @param initialPulls arms drawn at random before the network chooses
 * @param repeats whether an arm may be tried again
 * @param candidates maximum number of arms that are scored, drawn again for each choice
 */
public record SearchSettings(
    Strategy strategy,
    NetworkSettings network,
    int initialPulls,
    Repeats repeats,
    int candidates,
    long seed) {

  /** Kinds of search. */
  public enum Strategy {
    NEURAL_UCB,
    GREEDY,
    RANDOM
  }

  /** Whether an arm may be tried again. */
  public enum Repeats {
    NEVER,
    ALLOWED
  }

  public SearchSettings {
    if (initialPulls < 1) {
      throw new IllegalArgumentException("Invalid initial pulls: " + initialPulls);
    }
    if (candidates < 1) {
      throw new IllegalArgumentException("Invalid candidates: " + candidates);
    }
  }

  /**
   * Returns the settings for one of several cards. Each card draws different arms at random, so
   * that together they try more arms and can share the results.
   */
  public SearchSettings of(TopicCard card) {
    return new SearchSettings(
        strategy,
        network,
        initialPulls,
        repeats,
        candidates,
        SeededRandom.mix(seed, "search of " + card.id()));
  }

  /** Our own settings: scaled initialisation, standardised rewards, no repeats. */
  public static SearchSettings scaled(Strategy strategy, long seed) {
    return new SearchSettings(
        strategy, NetworkSettings.scaled(), 40, Repeats.NEVER, Integer.MAX_VALUE, seed);
  }

  /** The settings of INSTINCT's public code (arXiv 2310.02905). */
  public static SearchSettings published(Strategy strategy, long seed) {
    return new SearchSettings(
        strategy, NetworkSettings.published(), 40, Repeats.ALLOWED, 1000, seed);
  }
}
