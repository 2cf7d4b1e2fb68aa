package org.lethe.reveal.search;

import java.util.Optional;

/**
 * The arm to try next.
 *
 * @param belief the search's expectation, or empty if the arm was drawn at random
 */
public record Choice(int arm, Optional<Belief> belief) {
  /**
   * Expectation of the network, in units of its training targets.
   *
   * @param predicted predicted reward of the chosen arm
   * @param bonus exploration bonus of the chosen arm; 0 for a greedy search
   * @param spread standard deviation of the predicted rewards over the candidates. A bonus far
   *     above it means pure exploration, a bonus far below it means none
   * @param meanBonus mean bonus over the candidates
   */
  public record Belief(double predicted, double bonus, double spread, double meanBonus) {}
}
