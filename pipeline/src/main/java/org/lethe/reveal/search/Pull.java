package org.lethe.reveal.search;

/**
 * A trial of one arm. A list of pulls is the whole state of a search.
 *
 * @param reward from 0 to 1
 */
public record Pull(int arm, double reward) {
  public Pull {
    if (arm < 0) {
      throw new IllegalArgumentException("Invalid arm: " + arm);
    }
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("Invalid reward: " + reward + ", expected 0 to 1");
    }
  }
}
