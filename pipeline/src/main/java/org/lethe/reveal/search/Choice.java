package org.lethe.reveal.search;

import java.util.Optional;

/**
 * The arm to try next.
 *
 * @param belief what the search expects of it; none where it was drawn at random
 */
public record Choice(int arm, Optional<Belief> belief) {
  /**
   * What a network expected, in units of its training targets.
   *
   * @param predicted the network's reward for the chosen arm
   * @param bonus its exploration bonus; 0 for a greedy search
   * @param spread standard deviation of the predicted rewards over the candidates: a bonus far
   *     above it means pure exploration, one far below it means none
   * @param meanBonus mean of the bonus over the candidates
   */
  public record Belief(double predicted, double bonus, double spread, double meanBonus) {}
}
