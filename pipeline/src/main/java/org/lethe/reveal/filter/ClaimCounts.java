package org.lethe.reveal.filter;

/**
 * What the answers about one attribute claim, in counts. A model that is wrong or unsure claims
 * several things; all that enough answers agree on is kept.
 *
 * @param attribute name of the attribute; empty for questions without one
 * @param answers sound answers about it
 * @param kept answers that agree with enough others
 * @param claims number of different claims among the kept answers; more than one contradict each
 *     other
 */
public record ClaimCounts(String attribute, int answers, int kept, int claims) {
  /** Whether kept answers contradict each other. */
  public boolean contradict() {
    return claims > 1;
  }
}
