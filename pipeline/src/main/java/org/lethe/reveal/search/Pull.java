package org.lethe.reveal.search;

/**
 * One arm tried. A list of them is all the state that a search has.
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
