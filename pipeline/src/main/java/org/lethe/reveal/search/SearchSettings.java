package org.lethe.reveal.search;

import org.lethe.reveal.SeededRandom;
import org.lethe.reveal.TopicCard;

/**
 * How arms are searched.
 *
 * @param strategy which search
 * @param network of NeuralUCB and greedy search
 * @param initialPulls how many arms are drawn at random before the network is asked
 * @param repeats whether an arm may be tried again
 * @param candidates how many arms, drawn anew for each choice, are scored at most
 */
public record SearchSettings(
    Strategy strategy,
    NetworkSettings network,
    int initialPulls,
    Repeats repeats,
    int candidates,
    long seed) {

  /** Which search. */
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
   * The same for one of several cards: each draws other arms at random, so that together they try
   * more, and can share what they found.
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
